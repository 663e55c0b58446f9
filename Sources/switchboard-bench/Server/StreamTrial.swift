import Glibc

/// Many runs that stream at once, read by one thread.
struct StreamTrial {
    /// What came of it.
    struct Result {
        var streams = 0
        /// The deltas that were due while it was measured, and those that came.
        var due = 0
        var seen = 0
        /// Milliseconds from the time a delta was due to its reading.
        var median = 0.0
        var slow = 0.0
        var slowest = 0.0
        /// Processor time of each second: how many cores a program kept busy.
        var serverCores = 0.0
        var modelCores = 0.0
        var clientCores = 0.0
        /// MB.
        var memory = 0.0

        /// Whether this many streams could be borne.
        var holds: Bool { slow < 100 && Double(seen) > Double(due) * 0.999 }
    }

    /// How many deltas of a stream come in a second.
    static let rate = 50.0

    let streams: Int
    /// Seconds that are measured.
    let seconds: Double

    /// Seconds in which the streams begin, one after the other.
    private var ramp: Double { max(2, Double(streams) / 200) }
    private var deltas: Int { Int((ramp + seconds + 2) * Self.rate) }

    /// Measures a server that `start` starts, given a model server's address.
    func run(_ start: (Household, String) throws -> ServedProgram) throws -> Result {
        let model = try ModelProcess(deltas: deltas, rate: Self.rate)
        defer { model.stop() }
        let home = try Household()
        let server = try start(home, model.url)
        defer { server.stop() }
        let assistant =
            server.key == "none"
            ? "asst_1" : try server.create("/assistants", #"{"model":"bench"}"#)
        let request = HTTPMessage.request(
            "POST", server.prefix + "/threads/runs", key: server.key,
            body: #"{"assistant_id":"\#(assistant)","stream":true,"thread":{"messages":"#
                + #"[{"role":"user","content":"What is the time?"}]}}"#)
        var reader = try StreamReader(port: server.port)
        return try reader.read(self, request, server, model)
    }

    /// The readers of all streams.
    private struct StreamReader {
        private struct Stream {
            /// Bytes at the end of the last read that may begin a mark.
            var rest: [UInt8] = []
            var last = 0.0
        }

        let port: Int
        let poller: Poller
        private var streams: [Int32: Stream] = [:]
        private var delays: [Double] = []
        private var window = 0.0..<0.0
        private var chunk = [UInt8](repeating: 0, count: 1 << 16)

        init(port: Int) throws {
            self.port = port
            poller = try Poller()
        }

        mutating func read(
            _ trial: StreamTrial, _ request: [UInt8], _ server: ServedProgram,
            _ model: ModelProcess
        ) throws -> Result {
            defer { for socket in streams.keys { close(socket) } }
            let begin = now() + 0.1
            let start = begin + trial.ramp + 1
            window = start..<(start + trial.seconds)
            var begun = 0
            while begun < trial.streams {
                let next = begin + trial.ramp * Double(begun) / Double(trial.streams)
                if now() >= next {
                    let socket = try Loopback.connect(to: port)
                    Loopback.send(request, to: socket)
                    streams[socket] = Stream()
                    poller.add(socket)
                    begun += 1
                } else {
                    pump(until: next)
                }
            }
            while now() < start { pump(until: start) }
            let before = Usage(server, model)
            while now() < window.upperBound { pump(until: window.upperBound) }
            let after = Usage(server, model)
            let late = now() + 1
            while now() < late { pump(until: late) }
            return result(trial, before, after, server.memory)
        }

        private func result(
            _ trial: StreamTrial, _ before: Usage, _ after: Usage, _ memory: Double
        ) -> Result {
            let time = after.time - before.time
            return Result(
                streams: trial.streams,
                due: Int(Double(trial.streams) * trial.seconds * StreamTrial.rate),
                seen: delays.count, median: delays.quantile(0.5), slow: delays.quantile(0.99),
                slowest: delays.quantile(1), serverCores: (after.server - before.server) / time,
                modelCores: (after.model - before.model) / time,
                clientCores: (after.client - before.client) / time, memory: memory)
        }

        private mutating func pump(until limit: Double) {
            for socket in poller.wait(until: limit) {
                let count = recv(socket, &chunk, chunk.count, 0)
                if count <= 0 {
                    close(socket)
                    streams[socket] = nil
                } else {
                    take(count, from: socket, at: now())
                }
            }
        }

        private mutating func take(_ count: Int, from socket: Int32, at time: Double) {
            guard var stream = streams[socket] else { return }
            // A message that is over repeats its text; its marks are of the past.
            func note(_ due: Double) {
                guard due > stream.last else { return }
                stream.last = due
                if window.contains(due) { delays.append((time - due) * 1000) }
            }
            if stream.rest.isEmpty {
                let kept = chunk.withUnsafeBufferPointer {
                    DueMark.read(UnsafeBufferPointer(rebasing: $0[..<count]), note)
                }
                stream.rest = Array(chunk[(count - kept)..<count])
            } else {
                let bytes = stream.rest + chunk[..<count]
                let kept = bytes.withUnsafeBufferPointer { DueMark.read($0, note) }
                stream.rest = Array(bytes.suffix(kept))
            }
            streams[socket] = stream
        }
    }

    /// Processor time at a moment.
    private struct Usage {
        let time = now()
        let client = processorTime()
        let server: Double
        let model: Double

        init(_ server: ServedProgram, _ model: ModelProcess) {
            self.server = server.processorTime
            self.model = ProcessFigures(model.processID).processorTime
        }
    }
}

/// A model server in a process of its own.
struct ModelProcess {
    let url: String
    let processID: pid_t

    init(deltas: Int, rate: Double) throws {
        let ends = closingPipe()
        processID = try spawn(
            [Household.own, "model", "--deltas", "\(deltas)", "--rate", rate.digits(1)],
            environment: [:]
        ) { actions in
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        }
        close(ends[1])
        url = lines(from: ends[0], count: 1).first.map(String.init) ?? ""
        close(ends[0])
        if url.isEmpty { throw BenchmarkError("the model server did not start") }
    }

    /// Ends it.
    func stop() {
        var status: Int32 = 0
        kill(processID, SIGKILL)
        waitpid(processID, &status, 0)
    }
}
