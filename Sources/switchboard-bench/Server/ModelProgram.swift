import ArgumentParser
import Glibc

/// A chat completions server of one thread that answers every question with the same number of
/// deltas, each at its time, and each with the time at which it was due.
struct ModelProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "A model server.", shouldDisplay: false)

    @Option(help: "How many deltas an answer has.") var deltas = 500
    @Option(help: "How many of an answer come in a second.") var rate = 50.0

    func run() throws {
        let (listener, port) = try Loopback.listen()
        show("http://127.0.0.1:\(port)/v1\n")
        var clock = try AnswerClock(listener: listener, deltas: deltas, rate: rate)
        clock.run()
    }
}

/// Gives the answers of a `ModelProgram`.
private struct AnswerClock {
    /// An answer that is being given.
    private struct Answer {
        var connection: Int32
        var due: Double
        var left: Int
    }

    let listener: Int32
    let deltas: Int
    let rate: Double
    private let poller: Poller
    private var requests: [Int32: [UInt8]] = [:]
    /// All have the same interval, so whoever is served goes to the end and the order stays.
    private var answers: [Answer] = []
    private var first = 0

    init(listener: Int32, deltas: Int, rate: Double) throws {
        self.listener = listener
        self.deltas = deltas
        self.rate = rate
        poller = try Poller()
        poller.add(listener)
    }

    mutating func run() -> Never {
        while true {
            let next = first < answers.count ? answers[first].due : now() + 10
            for socket in poller.wait(until: next) { take(socket) }
            speak()
        }
    }

    private mutating func speak() {
        let time = now()
        while first < answers.count, answers[first].due <= time {
            var answer = answers[first]
            first += 1
            if requests[answer.connection] == nil { continue }
            say(DueMark.text(answer.due), to: answer.connection)
            answer.due += 1 / rate
            answer.left -= 1
            if answer.left > 0 { answers.append(answer) } else { finish(answer.connection) }
        }
        if first > 4096 {
            answers.removeFirst(first)
            first = 0
        }
    }

    private mutating func take(_ socket: Int32) {
        if socket == listener {
            let connection = accept(listener, nil, nil)
            Loopback.prepare(connection)
            requests[connection] = []
            poller.add(connection)
            return
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else {
            requests[socket] = nil
            close(socket)
            return
        }
        requests[socket, default: []] += chunk[..<count]
        guard let message = HTTPMessage(requests[socket] ?? []), message.isWhole else { return }
        requests[socket] = []
        if message.head.hasPrefix("POST /v1/chat/completions") {
            begin(socket)
        } else {
            list(socket)
        }
    }

    private mutating func begin(_ connection: Int32) {
        Loopback.send(
            Array(
                ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n").utf8), to: connection)
        answers.append(Answer(connection: connection, due: now() + 1 / rate, left: deltas))
    }

    private func list(_ connection: Int32) {
        let body = #"{"object":"list","data":[{"id":"bench","object":"model"}]}"#
        Loopback.send(
            Array(
                ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8), to: connection)
    }

    private func say(_ text: String, to connection: Int32) {
        event(
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench","#
                + #""choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"#,
            to: connection)
    }

    private func finish(_ connection: Int32) {
        event(#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#, to: connection)
        event("[DONE]", to: connection)
        Loopback.send(Array("0\r\n\r\n".utf8), to: connection)
    }

    private func event(_ data: String, to connection: Int32) {
        let count = String(data.utf8.count + 8, radix: 16)
        Loopback.send(Array("\(count)\r\ndata: \(data)\n\n\r\n".utf8), to: connection)
    }
}
