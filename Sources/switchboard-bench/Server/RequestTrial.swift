import Glibc

/// Requests as fast as they are answered, over connections that stay open.
struct RequestTrial {
    /// What came of it.
    struct Result {
        /// Requests that were answered in a second.
        var rate = 0.0
        /// Milliseconds from a request to its whole answer.
        var median = 0.0
        var slow = 0.0
        /// The size of an answer's body.
        var bytes = 0
        /// How many cores the server and the client kept busy.
        var serverCores = 0.0
        var clientCores = 0.0
    }

    let server: ServedProgram
    let connections: Int
    let seconds: Double

    private struct Connection {
        var request: [UInt8]
        var answer: [UInt8] = []
        var sent = 0.0
    }

    /// Sends on each connection what `request` gives for its number, again and again.
    ///
    /// - Throws: where an answer is not 200.
    func run(_ request: (Int) -> [UInt8]) throws -> Result {
        let poller = try Poller()
        var open: [Int32: Connection] = [:]
        defer { for socket in open.keys { close(socket) } }
        for number in 0..<connections {
            let socket = try Loopback.connect(to: server.port)
            open[socket] = Connection(request: request(number))
            poller.add(socket)
        }
        for socket in open.keys { send(on: socket, &open) }
        // The first half second warms up.
        let start = now() + 0.5
        let end = start + seconds
        var times: [Double] = []
        var result = Result()
        var before = (server: 0.0, client: 0.0)
        while now() < end {
            for socket in poller.wait(until: end) {
                guard let message = try receive(on: socket, &open) else { continue }
                let time = now()
                let began = open[socket]?.sent ?? time
                if began >= start {
                    if times.isEmpty { before = (server.processorTime, processorTime()) }
                    times.append((time - began) * 1000)
                    result.bytes = message.length
                }
                send(on: socket, &open)
            }
        }
        result.rate = Double(times.count) / seconds
        (result.median, result.slow) = (times.quantile(0.5), times.quantile(0.99))
        result.serverCores = (server.processorTime - before.server) / seconds
        result.clientCores = (processorTime() - before.client) / seconds
        return result
    }

    private func send(on socket: Int32, _ open: inout [Int32: Connection]) {
        open[socket]?.answer.removeAll(keepingCapacity: true)
        open[socket]?.sent = now()
        Loopback.send(open[socket]?.request ?? [], to: socket)
    }

    /// Takes what has come; the answer once it is whole.
    private func receive(
        on socket: Int32, _ open: inout [Int32: Connection]
    ) throws -> HTTPMessage? {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &chunk, chunk.count, 0)
        if count <= 0 { throw BenchmarkError("\(server.name) closed a connection") }
        open[socket]?.answer += chunk[..<count]
        guard let message = HTTPMessage(open[socket]?.answer ?? []), message.isWhole else {
            return nil
        }
        if message.status != 200 {
            throw BenchmarkError(
                "\(server.name): \(message.status) "
                    + String(decoding: message.body, as: UTF8.self))
        }
        return message
    }
}
