/// Turns the bytes of an answer into events, whichever of the two APIs it came over. Pure: no
/// socket, no clock.
protocol AnswerReader: Sendable {
    /// Why the answer is broken; nil while it is not.
    var failure: ChatError? { get }
    /// An error that came after the answer had its finish reason, which it cannot spoil.
    var lateError: ChatError? { get }
    /// The finish reason in the server's own word; nil while none has come.
    var finishText: String? { get }
    /// Whether the end has been told: nothing more will come.
    var isEnded: Bool { get }
    /// How many chunks have come.
    var chunkCount: Int { get }

    /// Takes the next bytes and returns the events that they complete.
    mutating func feed(_ bytes: [UInt8]) -> [ChatEvent]
    /// Takes the end of the bytes and returns the last events.
    mutating func finish() -> [ChatEvent]
}

extension ChatStreamReader: AnswerReader {}

/// By which of OpenAI's two APIs a server is asked.
public enum ChatAPI: Hashable, Sendable {
    /// `/chat/completions`, which every server has.
    case completions
    /// `/responses`: OpenAI's newer models think and call functions only there.
    case responses
}
