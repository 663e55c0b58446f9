/// The ways in which a network may cut the same bytes.
public struct Chunks: Sendable {
    /// The bytes before they are cut.
    public let bytes: [UInt8]

    /// Ways to cut these bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Everything at once.
    public var whole: [[UInt8]] { [bytes] }

    /// Each byte for itself.
    public var bytewise: [[UInt8]] { bytes.map { [$0] } }

    /// In two, at an offset.
    public func split(at offset: Int) -> [[UInt8]] {
        [Array(bytes[..<offset]), Array(bytes[offset...])]
    }

    /// In two, at each offset from the beginning to the end.
    public var everySplit: some Sequence<[[UInt8]]> {
        (0...bytes.count).lazy.map { split(at: $0) }
    }

    /// In pieces of these lengths; what is left over is the last piece.
    public func pieces(_ lengths: [Int]) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        for length in lengths {
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty ? pieces : pieces + [Array(rest)]
    }

    /// In pieces of one length; the last may be shorter.
    public func pieces(of length: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: length).map {
            Array(bytes[$0..<min($0 + length, bytes.count)])
        }
    }

    /// In pieces of random lengths up to a limit.
    public func randomPieces(
        upTo limit: Int, using generator: inout some RandomNumberGenerator
    ) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let length = Int.random(in: 0...limit, using: &generator)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
