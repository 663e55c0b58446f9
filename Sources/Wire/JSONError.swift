/// Why bytes are not the JSON that was asked for, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected or found, as the end of a sentence.
    public var message: String
    /// Where, in bytes from the beginning.
    public var offset: Int

    /// An error at a byte offset.
    public init(_ message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    /// The message with its place.
    public var description: String { "The JSON is not valid at byte \(offset): \(message)." }
}
