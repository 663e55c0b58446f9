import Assistants

/// What is spoken, and what is to be.
struct SpeechState: Hashable, Sendable {
    /// Whether each new answer is spoken.
    var speaksNew = false
    /// The texts that were begun and not spoken to their end, by number.
    var waiting: [Int] = []
    /// The message that is spoken while it is written.
    var growing: Growing?
    /// The number of the text that began last.
    var last = 0

    /// A message that is spoken while it is written.
    struct Growing: Hashable, Sendable {
        var message: Message.ID
        var thread: Assistants.Thread.ID
        /// The part of its content that grew last.
        var part = 0
        /// Whether any of it was told to the voice.
        var isTold = false
    }
}
