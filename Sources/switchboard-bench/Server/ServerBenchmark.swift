import ArgumentParser
import Glibc

/// The server: streams at once, requests a second, and pages of long lists.
struct ServerBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Load the server; floor: FastAPI on uvicorn with two workers.")

    /// What can be measured by itself.
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case streams, requests, pages
    }

    @Option(parsing: .upToNextOption, help: "Which parts: streams, requests, pages.")
    var parts = Part.allCases
    @Option(parsing: .upToNextOption, help: "Streams at once, for each pass.")
    var streams = [400, 800]
    @Option(help: "Seconds that each pass measures.") var seconds = 10.0
    @Option(help: "Connections that send requests at once.") var connections = 16
    @Option(help: "Messages of the long thread.") var messages = 1_000_000
    @Flag(help: "Do not look for the most streams that hold.") var noSearch = false
    @Flag(help: "Measure ours alone.") var noPeer = false
    @Flag(help: "Measure less: 100 and 400 streams for 4 s, 100,000 messages, no search.")
    var short = false

    func run() throws {
        var own = self
        if short {
            (own.streams, own.seconds, own.messages, own.noSearch) = ([100, 400], 4, 100_000, true)
        }
        let peer = noPeer ? nil : PeerFolder()
        if peer == nil { print("The peer is not measured; script/bench prepares it.") }
        if parts.contains(.streams) { try own.measureStreams(peer) }
        if parts.contains(.requests) { try own.measureRequests(peer) }
        if parts.contains(.pages) { try own.measurePages() }
    }

    // MARK: - Streams

    private typealias Start = (Household, String) throws -> ServedProgram

    private func measureStreams(_ peer: PeerFolder?) throws {
        print(
            "streaming runs at \(StreamTrial.rate.digits(0)) deltas/s each for "
                + "\(seconds.digits(0)) s, from when a delta was due to when it was read, \(load())"
        )
        try measureStreams("switchboard serve") { try ServedProgram(home: $0, model: $1) }
        guard let peer else { return }
        try measureStreams("floor: FastAPI passing on the model server's deltas, stores nothing") {
            try ServedProgram(peer: peer, home: $0, model: $1)
        }
        try measureStreams("floor: FastAPI making the deltas itself, asks and stores nothing") {
            try ServedProgram(peer: peer, home: $0, model: $1, isAlone: true)
        }
    }

    private func measureStreams(_ name: String, _ start: Start) throws {
        print("  \(name)")
        var results: [StreamTrial.Result] = []
        for count in streams { results.append(try measure(count, start)) }
        if !noSearch { try search(&results, start) }
    }

    private func measure(_ count: Int, _ start: Start) throws -> StreamTrial.Result {
        let result = try StreamTrial(streams: count, seconds: seconds).run(start)
        let lost = result.due - result.seen
        print(
            "    \(count) streams: p50 \(result.median.digits(1)) ms, "
                + "p99 \(result.slow.digits(1)) ms, slowest \(result.slowest.digits(0)) ms"
                + (lost > result.due / 1000 ? ", \(lost) of \(result.due) never came" : "")
                + "; cores: server \(result.serverCores.digits(2)), model server "
                + "\(result.modelCores.digits(2)), client \(result.clientCores.digits(2)); "
                + "\(result.memory.digits(0)) MB")
        fflush(nil)
        return result
    }

    /// Looks for the most streams that hold, to an eighth.
    private func search(_ results: inout [StreamTrial.Result], _ start: Start) throws {
        var low = results.filter(\.holds).map(\.streams).max() ?? 0
        var high = results.filter { !$0.holds && $0.streams > low }.map(\.streams).min()
        while low < 1_900 {
            let next: Int
            if let high {
                if high - low <= max(10, low / 8) { break }
                next = low == 0 ? high / 2 : (low + high) / 2
            } else {
                next = min(1_900, low + max(50, low / 4))
            }
            if next < 5 { break }
            if try measure(next, start).holds { low = next } else { high = next }
        }
        print("    holds \(low) streams" + (high.map { ", not \($0)" } ?? ""))
    }

    // MARK: - Requests

    private func measureRequests(_ peer: PeerFolder?) throws {
        print(
            "requests over \(connections) connections that stay open, \(seconds.digits(0)) s, "
                + "\(load())")
        let model = try ModelProcess(deltas: 1, rate: StreamTrial.rate)
        defer { model.stop() }
        let home = try Household()
        let ours = try measureRequests(try ServedProgram(home: home, model: model.url))
        guard let peer else { return }
        let other = try Household()
        let theirs = try measureRequests(
            try ServedProgram(peer: peer, home: other, model: model.url))
        for (place, name) in ["create message", "list messages"].enumerated() {
            print("  \(name): \((ours[place] / theirs[place]).digits(1)) times the peer's")
        }
    }

    /// The requests a second of creating and listing messages.
    private func measureRequests(_ server: ServedProgram) throws -> [Double] {
        defer { server.stop() }
        print("  \(server.name)")
        let trial = RequestTrial(server: server, connections: connections, seconds: seconds)
        var threads: [String] = []
        for _ in 0..<connections { threads.append(try server.create("/threads")) }
        let body = #"{"role":"user","content":"What about number 17, and how does it compare?"}"#
        let paths = threads.map { "\(server.prefix)/threads/\($0)/messages" }
        let created = try trial.run { number in
            HTTPMessage.request("POST", paths[number], key: server.key, body: body)
        }
        show(created, "create message")
        let listed = try trial.run { number in
            HTTPMessage.request("GET", paths[number] + "?limit=20", key: server.key, body: "")
        }
        show(listed, "list messages, the newest 20")
        return [created.rate, listed.rate]
    }

    private func show(_ result: RequestTrial.Result, _ name: String) {
        print(
            "    \(name): \(result.rate.digits(0))/s, p50 \(result.median.digits(2)) ms, "
                + "p99 \(result.slow.digits(2)) ms, \(result.bytes) bytes; cores: server "
                + "\(result.serverCores.digits(2)), client \(result.clientCores.digits(2))")
        fflush(nil)
    }

    // MARK: - Pages

    private func measurePages() throws {
        print("pages of 20 messages, one connection, \(load())")
        let home = try Household()
        // Of ten messages a page has only ten; that of a hundred is as large as that of a million.
        let threads = [10, 100, messages].map { SavedThread(id: "thread_\($0)", messages: $0) }
        let file = home.path + "/saved.ndjson"
        for thread in threads { try thread.write(to: file) }
        let imported = try home.run([Household.program, "import", file])
        print(
            "  import of \(messages) messages: \(imported.seconds.digits(1)) s, "
                + "\((Double(messages) / imported.seconds).digits(0))/s, "
                + "\(imported.cpu.digits(1)) s of processor time")
        let model = try ModelProcess(deltas: 1, rate: StreamTrial.rate)
        defer { model.stop() }
        let server = try ServedProgram(home: home, model: model.url)
        defer { server.stop() }
        for thread in threads { try measurePages(server, thread) }
    }

    private func measurePages(_ server: ServedProgram, _ thread: SavedThread) throws {
        let middle = thread.messages > 40 ? thread.messages / 2 : 0
        let trial = RequestTrial(server: server, connections: 1, seconds: min(3, seconds))
        let path = "/v1/threads/\(thread.id)/messages?limit=20"
        let newest = HTTPMessage.request("GET", path, key: server.key, body: "")
        show(try trial.run { _ in newest }, "\(thread.messages) messages, the newest")
        let after = HTTPMessage.request(
            "GET", path + "&order=asc&after=\(thread.message(middle))", key: server.key, body: "")
        show(try trial.run { _ in after }, "\(thread.messages) messages, after number \(middle)")
    }
}
