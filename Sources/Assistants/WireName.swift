/// A value that the wire tells by a name, where names that nobody here knows are kept.
public protocol WireName: Hashable, Sendable, CustomStringConvertible {
    /// The known values and their names on the wire.
    static var known: [(value: Self, name: String)] { get }
    /// A value whose name is not known here.
    static func unknown(_ name: String) -> Self
    /// The name of a value that is not known here, else nil.
    var unknownName: String? { get }
}

extension WireName {
    /// Reads a name; one that is not known is kept as it is.
    public init(wireName name: String) {
        self = Self.known.first { $0.name == name }?.value ?? .unknown(name)
    }

    /// The name on the wire.
    public var wireName: String {
        unknownName ?? Self.known.first { $0.value == self }?.name ?? ""
    }

    /// The name on the wire.
    public var description: String { wireName }
}
