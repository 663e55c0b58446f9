import Assistants
import Synchronization

/// What the server counts, told in the text form of Prometheus.
///
/// A class, because every request adds to it.
final class ServerMetrics: Sendable {
    private struct Series: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct State {
        var requests: [Series: Int] = [:]
        var inFlight = 0
        var durations = Histogram(bounds: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60])
        var firstTokens = Histogram(bounds: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30])
        var endedRuns: [String: Int] = [:]
        var promptTokens = 0
        var completionTokens = 0
    }

    /// The form's name, as `Content-Type` has it.
    static let type = "text/plain; version=0.0.4; charset=utf-8"

    private let state = Mutex(State())

    /// A request has come.
    func begin() { state.withLock { $0.inFlight += 1 } }

    /// A request was answered, to the end of its stream.
    func end(_ record: RequestRecord) {
        let series = Series(method: record.method, route: record.route, status: record.status)
        let seconds = record.start.duration(to: .now).seconds
        state.withLock { state in
            state.inFlight -= 1
            state.requests[series, default: 0] += 1
            state.durations.add(seconds)
        }
    }

    /// The first text of a streamed run was sent.
    func noteFirstToken(after duration: Duration) {
        state.withLock { $0.firstTokens.add(duration.seconds) }
    }

    /// A run has ended.
    func noteEnd(of run: Run) {
        state.withLock { state in
            state.endedRuns[run.status.wireName, default: 0] += 1
            state.promptTokens += run.usage?.promptTokens ?? 0
            state.completionTokens += run.usage?.completionTokens ?? 0
        }
    }

    /// Everything that was counted, with what goes on now: the open streams and the active runs.
    func text(streams: Int, runs: [RunStatus: Int]) -> [UInt8] {
        var page = MetricsPage()
        state.withLock { state in
            page.begin("http_requests_total", "counter", "Requests answered.")
            for (series, count) in state.requests {
                page.add(
                    "http_requests_total", count,
                    [
                        "method": series.method, "route": series.route,
                        "status": "\(series.status)",
                    ])
            }
            page.gauge("http_requests_in_flight", state.inFlight, "Requests being answered.")
            page.add("http_request_seconds", state.durations, "Time to the end of an answer.")
            page.gauge("streams_open", streams, "Event streams that are open.")
            page.begin("runs_active", "gauge", "Runs that go on, by state.")
            for status in RunStatus.known where status.value.isActive {
                page.add("runs_active", runs[status.value] ?? 0, ["status": status.name])
            }
            page.begin("runs_ended_total", "counter", "Runs that ended, by how.")
            for (status, count) in state.endedRuns {
                page.add("runs_ended_total", count, ["status": status])
            }
            page.begin("tokens_total", "counter", "Tokens of runs that ended.")
            page.add("tokens_total", state.promptTokens, ["kind": "prompt"])
            page.add("tokens_total", state.completionTokens, ["kind": "completion"])
            page.add("first_token_seconds", state.firstTokens, "Time to a stream's first text.")
        }
        return page.bytes
    }
}

/// How often a number fell below each of some bounds.
struct Histogram: Sendable {
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var count = 0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    mutating func add(_ value: Double) {
        sum += value
        count += 1
        for index in bounds.indices where value <= bounds[index] { counts[index] += 1 }
    }
}

/// A page of metrics while it is written.
struct MetricsPage {
    private(set) var bytes: [UInt8] = []
    private static let prefix = "switchboard_"

    mutating func begin(_ name: String, _ type: String, _ help: String) {
        line("# HELP \(Self.prefix)\(name) \(help)")
        line("# TYPE \(Self.prefix)\(name) \(type)")
    }

    mutating func add(_ name: String, _ value: Int, _ labels: KeyValuePairs<String, String>) {
        let text = labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
        line("\(Self.prefix)\(name){\(text)} \(value)")
    }

    mutating func gauge(_ name: String, _ value: Int, _ help: String) {
        begin(name, "gauge", help)
        line("\(Self.prefix)\(name) \(value)")
    }

    mutating func add(_ name: String, _ histogram: Histogram, _ help: String) {
        begin(name, "histogram", help)
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            add(name + "_bucket", count, ["le": "\(bound)"])
        }
        add(name + "_bucket", histogram.count, ["le": "+Inf"])
        line("\(Self.prefix)\(name)_sum \(histogram.sum)")
        line("\(Self.prefix)\(name)_count \(histogram.count)")
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }
}
