import Synchronization
package import Wire

/// A chat completions server that answers as a test wants and keeps the questions it was asked.
package final class ScriptedChat: Sendable {
    /// A question that came.
    package struct Question: Sendable {
        /// The body.
        package let json: JSONValue
        /// The key, with `Bearer` before it; nil where none came.
        package let authorization: String?

        /// The texts of the messages, each after its role.
        package var messages: [String] {
            (json["messages"]?.arrayValue ?? []).map { message in
                let content = message["content"]
                let text =
                    content?.stringValue
                    ?? content?.arrayValue?.compactMap { $0["text"]?.stringValue }.joined()
                return "\(message["role"]?.stringValue ?? "?"): \(text ?? "")"
            }
        }

        /// The last of them.
        package var last: String { messages.last ?? "" }

        /// The model that was asked for.
        package var model: String { json["model"]?.stringValue ?? "" }
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
    package var url: String { server.url + "/v1" }
    /// The questions that came, in order.
    package var questions: [Question] { kept.kept.withLock { $0.questions } }
    /// Every value of the header `Authorization` that came, with any request.
    package var authorizations: Set<String> { kept.kept.withLock { $0.authorizations } }

    /// How many requests of any kind came.
    package var requestCount: Int { kept.kept.withLock { $0.requestCount } }

    /// Starts a server with models that answers each question with these steps.
    package init(
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
    package convenience init(models: [String] = ["scripted"], saying pieces: [String]) throws {
        try self.init(models: models) { _ in .chat(pieces) }
    }

    deinit { server.stop() }

    /// Waits until so many questions have come.
    package func waitForQuestions(_ count: Int = 1) async {
        for await _ in asked where questions.count >= count { return }
    }

    /// Ends one `hold`.
    package func step() { server.step() }
}
