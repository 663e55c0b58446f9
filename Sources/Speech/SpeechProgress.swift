import Synchronization

/// What of a text was spoken, for the service to go by when it speaks on.
///
/// A class, because the request that is made ahead needs what is true when it is made.
final class SpeechProgress: Sendable {
    /// What comes before the next sentence.
    enum Context: Hashable, Sendable {
        case none
        /// The sentence that is still being heard.
        case text(String)
        /// Requests whose sound was read to its end: only those count for the service.
        case requests([String])
    }

    private struct State {
        /// The newest sentences that were asked for and not read to their end, oldest first.
        var unfinished: [String] = []
        /// The sentence before them.
        var last = ""
        /// At most three, the newest last; without a gap up to `last`.
        var ids: [String] = []
    }

    private let state = Mutex(State())

    /// What to tell with a request that is made now.
    var context: Context {
        state.withLock { state in
            if let text = state.unfinished.last { return .text(text) }
            if !state.ids.isEmpty { return .requests(state.ids) }
            return state.last.isEmpty ? .none : .text(state.last)
        }
    }

    /// The answer for a sentence has begun.
    func begin(_ sentence: String) { state.withLock { $0.unfinished.append(sentence) } }

    /// The sound of the oldest unfinished sentence was read to its end.
    func finish(id: String?) {
        state.withLock { state in
            guard !state.unfinished.isEmpty else { return }
            state.last = state.unfinished.removeFirst()
            if let id, !id.isEmpty, id.utf8.count <= 128, id.utf8.allSatisfy(\.isPlain) {
                state.ids = state.ids.suffix(2) + [id]
            } else {
                state.ids = []
            }
        }
    }
}

extension UInt8 {
    /// A letter, a digit, `_`, `-` or `.`.
    var isPlain: Bool {
        self | 0x20 >= 0x61 && self | 0x20 <= 0x7A || self >= 0x30 && self <= 0x39
            || self == 0x5F || self == 0x2D || self == 0x2E
    }
}
