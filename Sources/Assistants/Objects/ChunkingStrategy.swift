public import Wire

/// How a file is cut into the pieces that a search finds (`CONTRACT.md` 4).
public enum ChunkingStrategy: Hashable, Sendable {
    /// Pieces of a fixed size in tokens, each beginning with the end of the one before.
    case fixed(tokens: Int, overlap: Int)
    /// A way this version does not know, or that was used before ways were recorded.
    case unknown(JSONValue)

    /// What `auto` means.
    public static let standard = ChunkingStrategy.fixed(tokens: 800, overlap: 400)

    /// Reads a strategy; `auto` and nothing are the standard, one that is not known is kept.
    public init(json: JSONValue) {
        let size = json["static"]?["max_chunk_size_tokens"]?.integerValue
        let overlap = json["static"]?["chunk_overlap_tokens"]?.integerValue
        if json.isNull || json["type"]?.stringValue == "auto" {
            self = .standard
        } else if json["type"]?.stringValue == "static", let size, let overlap {
            self = .fixed(tokens: size, overlap: overlap)
        } else {
            self = .unknown(json)
        }
    }

    /// The strategy as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .fixed(let tokens, let overlap):
            [
                "type": "static",
                "static": [
                    "max_chunk_size_tokens": .integer(tokens),
                    "chunk_overlap_tokens": .integer(overlap),
                ],
            ]
        case .unknown(let json): json
        }
    }
}
