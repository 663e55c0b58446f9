/// Why an event stream cannot be read further.
public enum EventStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One event is larger than the parser's limit, in bytes.
    case eventTooLarge(limit: Int)

    /// What happened.
    public var description: String {
        switch self {
        case .eventTooLarge(let limit): "An event of the stream is larger than \(limit) bytes."
        }
    }
}
