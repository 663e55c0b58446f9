import Assistants
import Wire

/// Prints the events of a run as they come: the answer as text, or every event as JSON.
struct AnswerPrinter {
    private let json: Bool
    /// The functions whose commands run once somebody was asked.
    private let asked: Set<String>
    private var endsWithNewline = true
    private var hasText = false
    private var run: Run?
    private var error: APIError?

    /// Begins.
    ///
    /// - Parameters:
    ///   - json: Whether each event is a line of JSON.
    ///   - asked: The functions whose commands run once somebody was asked.
    init(json: Bool, asked: Set<String> = []) {
        self.json = json
        self.asked = asked
    }

    /// Prints what an event has to say.
    mutating func take(_ event: AssistantEvent) {
        if json { Output.json(event.json) }
        switch event {
        case .run(_, let run): self.run = run
        case .error(let error): self.error = error
        case .message(.created, _):
            // A second message of one run begins after an empty line.
            if hasText { writeLine(endsWithNewline ? "\n" : "\n\n") }
        case .messageDelta(let delta):
            for part in delta.parts {
                switch part.content {
                case .text(let text, _), .refusal(let text): write(text)
                case .whole: break
                }
            }
        default: break
        }
    }

    /// Prints how the stream went, as the last line of JSON.
    func take(_ health: StreamHealth) {
        if json { Output.json(["event": "switchboard.stream.health", "data": health.json]) }
    }

    private mutating func write(_ text: String) {
        guard !json, let last = text.utf8.last else { return }
        Output.content(text)
        hasText = true
        endsWithNewline = last == UInt8(ascii: "\n")
    }

    private mutating func writeLine(_ ending: String) {
        if !json { Output.text(ending) }
        endsWithNewline = true
    }

    /// Ends the last line.
    /// - Throws: `Stop` where the run did not come to its end.
    mutating func finish() throws(Stop) {
        if !endsWithNewline { writeLine("\n") }
        if let error { throw Stop.failed(error.message) }
        guard let run else { throw Stop.failed("The run ended before it began.") }
        switch run.status {
        case .completed: return
        case .incomplete:
            throw Stop.failed(
                "The answer is incomplete (\(run.incompleteReason?.wireName ?? "unknown")).")
        case .requiresAction: throw Stop.waiting(for: run, asked: asked)
        case .cancelled, .cancelling: throw Stop.interrupted
        case .failed, .expired, .queued, .inProgress, .unknown:
            let reason = run.lastError.map { ": \($0.message)" } ?? "."
            throw Stop.failed("The run \(run.status.words)\(reason)")
        }
    }
}

extension RunStatus {
    /// How a run that nobody stopped came to its end, after “The run”.
    fileprivate var words: String {
        switch self {
        case .failed: "failed"
        case .expired: "took longer than its deadline, and was ended"
        default: "broke off while it was \(self)"
        }
    }
}

extension Stop {
    /// A run waits for outputs of functions, which nobody can give on the command line.
    static func waiting(for run: Run, asked: Set<String>) -> Stop {
        let names = run.requiredAction.map(\.name)
        let isAsked = names.contains { asked.contains($0) }
        let reason =
            isAsked ? "somebody must agree before its command runs" : "nobody can answer it here"
        let advice =
            isAsked ? " With consent: always in the configuration it runs without a question." : ""
        return .failed(
            "The assistant calls \(names.joined(separator: ", ")), and \(reason). "
                + "Open the console and go on there: switchboard --thread \(run.threadID)"
                + (advice.isEmpty ? "" : "." + advice))
    }
}
