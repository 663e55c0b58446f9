import Wire

/// The tokens that one answer used, as the server counts them.
public struct ChatUsage: Hashable, Sendable {
    /// Tokens of the request.
    public var promptTokens: Int
    /// Tokens of the answer, reasoning included.
    public var completionTokens: Int
    /// All tokens; may be more than the sum, as some servers count reasoning only here.
    public var totalTokens: Int
    /// Request tokens that the server still knew.
    public var cachedTokens: Int?
    /// Answer tokens that were reasoning.
    public var reasoningTokens: Int?

    /// Creates a usage.
    public init(
        promptTokens: Int, completionTokens: Int, totalTokens: Int? = nil,
        cachedTokens: Int? = nil, reasoningTokens: Int? = nil
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        let sum = promptTokens.addingReportingOverflow(completionTokens)
        self.totalTokens = totalTokens ?? (sum.overflow ? .max : sum.partialValue)
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
    }
}

/// The usage as far as the stream has told it: it may come on any chunk, in parts and as nulls.
struct PartialUsage: Hashable, Sendable {
    var promptTokens: Int?
    var completionTokens: Int?
    var totalTokens: Int?
    var cachedTokens: Int?
    var reasoningTokens: Int?

    init() {}

    /// Takes over what a later chunk knows.
    mutating func update(_ later: PartialUsage) {
        promptTokens = later.promptTokens ?? promptTokens
        completionTokens = later.completionTokens ?? completionTokens
        totalTokens = later.totalTokens ?? totalTokens
        cachedTokens = later.cachedTokens ?? cachedTokens
        reasoningTokens = later.reasoningTokens ?? reasoningTokens
    }

    /// The usage, or nil when no count has come.
    var usage: ChatUsage? {
        guard promptTokens != nil || completionTokens != nil || totalTokens != nil else {
            return nil
        }
        return ChatUsage(
            promptTokens: promptTokens ?? 0, completionTokens: completionTokens ?? 0,
            totalTokens: totalTokens, cachedTokens: cachedTokens, reasoningTokens: reasoningTokens)
    }

    /// Reads a `usage` object; anything else is passed over.
    init?(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peek() == .object else { return nil }
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "prompt_tokens", "promptTokens", "input_tokens":
                promptTokens = try reader.count() ?? promptTokens
            case "completion_tokens", "completionTokens", "output_tokens":
                completionTokens = try reader.count() ?? completionTokens
            case "total_tokens", "totalTokens":
                totalTokens = try reader.count() ?? totalTokens
            case "prompt_tokens_details", "prompt_token_details", "input_tokens_details":
                cachedTokens = try reader.count("cached_tokens") ?? cachedTokens
            case "completion_tokens_details", "output_tokens_details":
                reasoningTokens = try reader.count("reasoning_tokens") ?? reasoningTokens
            default: break
            }
        }
    }
}

extension JSONReader {
    /// A count of tokens, or nil for anything that is none.
    fileprivate mutating func count() throws(JSONError) -> Int? {
        // A number out of range can still be passed over.
        guard try peek() == .number, let number = try? readDouble() else { return nil }
        return number >= 0 && number < 1e15 ? Int(number) : nil
    }

    /// A count inside an object.
    fileprivate mutating func count(_ name: StaticString) throws(JSONError) -> Int? {
        guard try peek() == .object else { return nil }
        var count: Int?
        try beginObject()
        while let key = try nextKey() {
            if key == name { count = try self.count() ?? count }
        }
        return count
    }
}
