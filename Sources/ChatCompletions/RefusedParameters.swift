import Synchronization

/// What servers have refused: remembered for each address and model while the program runs.
///
/// A class because all clients share one, so that a lesson is learnt once.
public final class RefusedParameters: Sendable {
    /// The memory of the whole process.
    public static let shared = RefusedParameters()

    /// So many pairs of address and model are remembered.
    static let limit = 1_000

    private struct Key: Hashable {
        var baseURL: String
        var model: String
    }

    private let encodings = Mutex<[Key: ChatEncoding]>([:])

    /// Creates an empty memory.
    public init() {}

    /// How a request is put for this model; nil when nothing was refused yet.
    func encoding(baseURL: String, model: String) -> ChatEncoding? {
        encodings.withLock { $0[Key(baseURL: baseURL, model: model)] }
    }

    /// Remembers how a request is put.
    func remember(_ encoding: ChatEncoding, baseURL: String, model: String) {
        encodings.withLock { encodings in
            if encodings.count >= Self.limit { encodings.removeAll() }
            encodings[Key(baseURL: baseURL, model: model)] = encoding
        }
    }
}

extension ChatEncoding {
    /// The encoding that avoids what `error` complains of; nil when it complains of nothing that
    /// can be avoided, or was avoided already.
    func adjusted(after error: ChatError) -> ChatEncoding? {
        var next = self
        if case .unsupportedParameter(let name) = error.kind { next.avoid(name, error) }
        if error.wantsNoReasoning, reasoningEffort == nil {
            next = self
            next.reasoningEffort = "none"
        }
        return next == self ? nil : next
    }

    private mutating func avoid(_ name: String, _ error: ChatError) {
        guard name == tokenLimitName else {
            if Self.optional.contains(name) || error.param == name || name == Self.images {
                dropped.insert(name)
            }
            return
        }
        // The limit has two names: the other one first, then none.
        let other = name == Self.maxTokens ? Self.maxCompletionTokens : Self.maxTokens
        if dropped.contains(other) {
            dropped.insert(name)
        } else {
            dropped.insert(name)
            tokenLimitName = other
        }
    }
}

extension ChatError {
    /// OpenAI's newer models refuse functions over chat completions unless reasoning is off.
    fileprivate var wantsNoReasoning: Bool {
        status == 400 && message.contains("reasoning_effort") && message.contains("tools")
            && message.contains("none")
    }

    /// Whether the server cannot stream what was asked.
    var refusesStreaming: Bool {
        guard case .unsupportedParameter("stream") = kind else {
            let words = message.lowercased()
            let isRefusal = kind == .server || kind == .badRequest
            return isRefusal && words.contains("stream")
                && ["cannot", "not supported", "unsupported", "does not support"]
                    .contains { words.contains($0) }
        }
        return true
    }
}
