import Synchronization
import TestSupport
import Wire

/// A chat completions server that answers as a test wants and keeps the questions it was asked.
final class ScriptedChat: Sendable {
    /// A question that came.
    struct Question: Sendable {
        /// The body.
        let json: JSONValue
        /// The key, with `Bearer` before it; nil where none came.
        let authorization: String?

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

        /// The model that was asked for.
        var model: String { json["model"]?.stringValue ?? "" }
    }

    private struct Kept {
        var questions: [Question] = []
        var authorizations: Set<String> = []
        var requestCount = 0
    }

    private let server: LoopbackServer
    private let kept: Box
    private let asked: AsyncStream<Void>

    /// Shared with the server's threads.
    private final class Box: Sendable {
        let kept = Mutex(Kept())
    }

    /// The address for `--model-url`.
    var url: String { server.url + "/v1" }
    /// The questions that came, in order.
    var questions: [Question] { kept.kept.withLock { $0.questions } }
    /// Every value of the header `Authorization` that came, with any request.
    var authorizations: Set<String> { kept.kept.withLock { $0.authorizations } }

    /// How many requests of any kind came.
    var requestCount: Int { kept.kept.withLock { $0.requestCount } }

    /// Starts a server with models that answers each question with these steps.
    init(
        models: [String] = ["scripted"], header: String = "X-Scripted: yes",
        answer: @escaping @Sendable (Question) -> [LoopbackServer.Step]
    ) throws {
        let box = Box()
        kept = box
        let (asked, tell) = AsyncStream<Void>.makeStream()
        self.asked = asked
        let list = JSONValue.object([
            "object": "list",
            "data": .array(models.map { ["id": .string($0), "object": "model"] }),
        ]).text
        server = try LoopbackServer { request in
            let authorization = request.header("authorization")
            box.kept.withLock { kept in
                kept.requestCount += 1
                if let authorization { kept.authorizations.insert(authorization) }
            }
            switch request.path {
            case "/v1/chat/completions":
                let json = (try? JSONValue(parsing: request.body)) ?? .null
                let question = Question(json: json, authorization: authorization)
                box.kept.withLock { $0.questions.append(question) }
                tell.yield()
                return answer(question)
            case "/v1/models": return .answer(200, headers: [header], list)
            default: return .answer(404, headers: [header], #"{"error":{"message":"no"}}"#)
            }
        }
    }

    /// Starts a server that says these pieces of text.
    convenience init(models: [String] = ["scripted"], saying pieces: [String]) throws {
        try self.init(models: models) { _ in .chat(pieces) }
    }

    deinit { server.stop() }

    /// Waits until so many questions have come.
    func waitForQuestions(_ count: Int = 1) async {
        for await _ in asked where questions.count >= count { return }
    }

    /// Ends one `hold`.
    func step() { server.step() }
}

extension [LoopbackServer.Step] {
    /// A whole answer as a stream, a chunk a piece.
    static func chat(_ pieces: [String], finish: String = "stop") -> Self {
        streamHead + pieces.flatMap(delta) + chatEnd(finish)
    }

    /// One piece of an answer's text.
    static func delta(_ text: String) -> Self {
        chatChunk(["delta": ["content": .string(text)], "finish_reason": nil])
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

    /// The end of an answer and of the stream.
    static func chatEnd(_ finish: String) -> Self {
        chatChunk(["delta": [:], "finish_reason": .string(finish)])
            + chunk("data: [DONE]\n\n") + streamEnd
    }

    private static func chatChunk(_ choice: JSONObject) -> Self {
        var choice = choice
        choice["index"] = 0
        let json: JSONValue = [
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
            "model": "scripted", "choices": [.object(choice)],
        ]
        return chunk("data: \(json.text)\n\n")
    }
}
