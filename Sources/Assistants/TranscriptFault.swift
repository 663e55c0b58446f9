/// Something in a stream that breaks the contract, and what was done about it.
public enum TranscriptFault: Hashable, Sendable, CustomStringConvertible {
    /// A delta came for an object that was never created; it was kept under its id.
    case deltaBeforeCreation(String)
    /// An index was negative or far beyond the end; the delta was left out.
    case indexOutOfRange(String)
    /// A delta was of another kind than what it should add to; that part was left out.
    case kindChanged(String)

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .deltaBeforeCreation(let id):
            "The stream added to \(id) before creating it; the text was kept."
        case .indexOutOfRange(let id):
            "The stream used an impossible index in \(id); that piece was left out."
        case .kindChanged(let id):
            "The stream changed the kind of a part of \(id); that piece was left out."
        }
    }
}
