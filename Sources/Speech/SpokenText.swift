import Synchronization

/// A text that is spoken while it is still being written: one side appends to it, the other takes
/// its sentences.
///
/// A class, because both sides share it.
package final class SpokenText: Sendable {
    private struct State {
        var splitter = SentenceSplitter()
        var ready: [String] = []
        var isOver = false
        var reader: CheckedContinuation<Void, Never>?

        mutating func split() {
            while let sentence = splitter.next() { ready.append(sentence) }
        }
    }

    /// A sentence to be spoken.
    struct Next: Hashable, Sendable {
        var sentence: String
        /// The one after it, where that is known already.
        var following: String?
    }

    private let state = Mutex(State())

    /// An empty text.
    package init() {}

    /// A complete text.
    package convenience init(_ text: String) {
        self.init()
        append(text.utf8)
        finish()
    }

    /// Appends Markdown source in UTF-8, however it is cut.
    package func append(_ utf8: some Collection<UInt8>) {
        wake { state in
            if state.isOver { return }
            state.splitter.append(utf8)
            state.split()
        }
    }

    /// The text is complete.
    package func finish() {
        wake { state in
            if state.isOver { return }
            state.splitter.finish()
            state.split()
            state.isOver = true
        }
    }

    /// The next sentence; nil at the end, and when the task is cancelled.
    func next() async -> Next? {
        while !Task.isCancelled {
            let (next, isOver) = state.withLock { state -> (Next?, Bool) in
                guard !state.ready.isEmpty else { return (nil, state.isOver) }
                let sentence = state.ready.removeFirst()
                return (Next(sentence: sentence, following: state.ready.first), false)
            }
            if let next { return next }
            if isOver { return nil }
            await wait()
        }
        return nil
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { task in
                let waits = state.withLock { state in
                    if Task.isCancelled || state.isOver || !state.ready.isEmpty { return false }
                    state.reader = task
                    return true
                }
                if !waits { task.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
