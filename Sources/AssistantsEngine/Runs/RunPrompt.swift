import Assistants
import Wire

/// Puts together what a model is asked (`ENGINE.md` 2.3).
struct RunPrompt {
    var run: Run
    /// The thread before the run, oldest first.
    var history: [Message]
    /// The names of the files that code finds.
    var codeFiles: [String] = []

    func request(for call: ModelCall, model: String) -> ModelRequest {
        var request = ModelRequest(model: model)
        request.instructions = instructions
        request.messages = history.compactMap(Self.modelMessage) + call.conversation
        request.tools = call.toolChoice == .none ? [] : run.tools
        request.toolChoice = call.toolChoice
        request.allowsParallelToolCalls = run.allowsParallelToolCalls
        request.temperature = run.temperature
        request.topP = run.topP
        request.reasoningEffort = run.reasoningEffort
        request.maxCompletionTokens = call.completionTokens
        request.responseFormat = run.responseFormat
        return request
    }

    /// How much of the thread fits beside everything else, in a model of this size.
    static func limit(for run: Run, contextTokens: Int?) -> HistoryLimit {
        var limit = HistoryLimit(count: HistoryLimit.most, bytes: .max)
        if case .lastMessages(let count) = run.truncation { limit.count = min(count, limit.count) }
        // A quarter of the context is left to the answer, or what the run allows it.
        let room = contextTokens.map { $0 - min(run.maxCompletionTokens ?? $0 / 4, $0 / 2) }
        if let tokens = [room, run.maxPromptTokens].compactMap({ $0 }).min() {
            let other =
                (run.instructions?.utf8.count ?? 0)
                + run.tools.reduce(0) {
                    $0 + $1.json.bytes.count
                }
            limit.bytes = max(0, tokens * bytesPerToken - other)
        }
        return limit
    }

    /// A cautious guess, good for most languages and models.
    private static let bytesPerToken = 3

    private var instructions: String {
        var text = run.instructions ?? ""
        let searches = run.tools.contains { if case .fileSearch = $0 { true } else { false } }
        if searches {
            if !text.isEmpty { text += "\n\n" }
            text += Self.citationRule
        }
        if run.tools.contains(.codeInterpreter) {
            if !text.isEmpty { text += "\n\n" }
            text += Self.codeRule
            if !codeFiles.isEmpty {
                let names = codeFiles.prefix(50).joined(separator: ", ")
                text += " Files there now: \(names)."
            }
        }
        return text
    }

    private static let codeRule = """
        code_interpreter runs Python without a network; what it prints and the value of its last \
        expression come back, and its state stays. To hand the user a file, write it under \
        /mnt/data and link it, as in [chart.csv](sandbox:/mnt/data/chart.csv).
        """

    private static let citationRule = """
        Passages that file_search finds are headed by markers such as 【0:1†name.md】. When you use \
        a passage, put its marker, unchanged, behind the sentence that rests on it.
        """

    private static func modelMessage(_ message: Message) -> ModelMessage? {
        switch message.role {
        case .user, .unknown:
            return message.content.isEmpty ? nil : .user(message.content)
        case .assistant:
            let text = plainText(of: message)
            return text.isEmpty ? nil : .assistant(text: text, toolCalls: [])
        }
    }

    /// What an assistant wrote without its citation markers, which mean nothing in a later run.
    private static func plainText(of message: Message) -> String {
        var text = ""
        for part in message.content {
            switch part {
            case .text(let part):
                var value = part.value
                for annotation in part.annotations where !annotation.text.isEmpty {
                    value = value.replacing(annotation.text, with: "")
                }
                text += value
            case .refusal(let refusal): text += refusal
            case .imageFile, .imageURL, .unknown: break
            }
        }
        return text
    }
}
