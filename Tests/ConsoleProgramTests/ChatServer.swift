import Synchronization
import TestSupport
import Wire

/// A chat completions server on loopback whose answers a test writes, and steps through.
final class ChatServer: Sendable {
    /// A question that came.
    struct Question: Sendable {
        /// The body.
        let json: JSONValue

        /// The texts of the messages, each after its role.
        var messages: [String] {
            (json["messages"]?.arrayValue ?? []).map { message in
                let content = message["content"]
                let text =
                    content?.stringValue
                    ?? content?.arrayValue?.compactMap { $0["text"]?.stringValue }.joined()
                return "\(message["role"]?.stringValue ?? "?"): \(text ?? "")"
            }
        }

        /// The last of them.
        var last: String { messages.last ?? "" }
    }

    private final class Box: Sendable {
        let questions = Mutex<[Question]>([])
    }

    private let server: LoopbackServer
    private let box: Box

    /// The address for `--model-url`.
    var url: String { server.url + "/v1" }
    /// The questions that came, in order.
    var questions: [Question] { box.questions.withLock { $0 } }

    /// Starts a server that answers each question with these steps.
    init(
        models: [String] = ["scripted"],
        answer: @escaping @Sendable (Question) -> [LoopbackServer.Step]
    ) throws {
        let box = Box()
        self.box = box
        let list = JSONValue.object([
            "object": "list",
            "data": .array(models.map { ["id": .string($0), "object": "model"] }),
        ]).text
        server = try LoopbackServer { request in
            switch request.path {
            case "/v1/chat/completions":
                let json = (try? JSONValue(parsing: request.body)) ?? .null
                let question = Question(json: json)
                box.questions.withLock { $0.append(question) }
                return answer(question)
            case "/v1/models": return .answer(200, list)
            default: return .answer(404, #"{"error":{"message":"no"}}"#)
            }
        }
    }

    deinit { server.stop() }

    /// Lets the answer go on behind its next `hold`.
    func step() { server.step() }
}

extension [LoopbackServer.Step] {
    /// A whole answer as a stream.
    static func chat(_ pieces: String...) -> Self {
        streamHead + pieces.flatMap(delta) + chatEnd("stop")
    }

    /// A stream of these parts.
    static func stream(_ parts: Self...) -> Self {
        streamHead + parts.flatMap { $0 }
    }

    /// Where the answer waits for the test's `step()`.
    static var pause: Self { [.hold] }

    /// Where the server says nothing more, until the connection is closed.
    static var silence: Self { [.waitForClose] }

    /// One paragraph for each number, each a piece: `line 1` and so on.
    static func lines(_ range: ClosedRange<Int>, words: String = "") -> Self {
        range.flatMap { Self.delta("line \($0)\(words)\n\n") }
    }

    /// One piece of an answer's text.
    static func delta(_ text: String) -> Self {
        choice(["delta": ["content": .string(text)], "finish_reason": nil])
    }

    /// One piece of an answer's text as a careless server sends it: what is not UTF-8 stays so.
    static func delta(bytes: [UInt8]) -> Self {
        var event = [UInt8](#"data: {"choices":[{"index":0,"delta":{"content":""#.utf8)
        for byte in bytes {
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"):
                let digits = String(byte, radix: 16)
                event += [UInt8]("\\u00\(byte < 16 ? "0" : "")\(digits)".utf8)
            default: event.append(byte)
            }
        }
        event += [UInt8](#""},"finish_reason":null}]}"#.utf8) + [UInt8]("\n\n".utf8)
        let size = [UInt8]("\(String(event.count, radix: 16))\r\n".utf8)
        return [.send(size + event + [UInt8]("\r\n".utf8))]
    }

    /// A call of a function, whole.
    static func call(
        _ name: String, _ arguments: String, id: String = "call_1", index: Int = 0
    ) -> Self {
        choice([
            "finish_reason": nil,
            "delta": [
                "tool_calls": [
                    [
                        "index": .integer(index), "id": .string(id), "type": "function",
                        "function": ["name": .string(name), "arguments": .string(arguments)],
                    ]
                ]
            ],
        ])
    }

    /// The end of an answer and of the stream.
    static func chatEnd(_ finish: String) -> Self {
        choice(["delta": [:], "finish_reason": .string(finish)])
            + chunk("data: [DONE]\n\n") + streamEnd
    }

    private static func choice(_ choice: JSONObject) -> Self {
        var choice = choice
        choice["index"] = 0
        let json: JSONValue = [
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
            "model": "scripted", "choices": [.object(choice)],
        ]
        return chunk("data: \(json.text)\n\n")
    }
}

/// Counts, from whatever thread.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// The next number, from 1.
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
