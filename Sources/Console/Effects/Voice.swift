import Speech
import Synchronization

/// Speaks the texts it is given, one after the other.
///
/// A class, because the terminal's thread gives it text while its own task speaks.
final class Voice: Sendable {
    private struct State {
        /// The texts that were begun; the last one grows.
        var texts: [(number: Int, text: SpokenText)] = []
        /// Speaks them; nil while there is none.
        var task: Task<Void, Never>?
        /// Counts the silences, so that a task that was stopped takes nothing of what came after.
        var silences = 0
    }

    private let setup: SpeechSetup?
    private let state = Mutex(State())

    init(_ setup: SpeechSetup?) { self.setup = setup }

    deinit { state.withLock { $0.task }?.cancel() }

    /// Does what it is told; `report` hears of each text that it is over.
    func take(_ order: SpeechOrder, report: @escaping @Sendable (EffectResult) -> Void) {
        switch order {
        case .begin(let number): begin(number, report)
        case .more(let text): state.withLock { $0.texts.last }?.text.append(text.utf8)
        case .finish: state.withLock { $0.texts.last }?.text.finish()
        case .stop: stop()
        }
    }

    private func begin(_ number: Int, _ report: @escaping @Sendable (EffectResult) -> Void) {
        state.withLock { state in
            state.texts.append((number, SpokenText()))
            if state.task != nil { return }
            let silences = state.silences
            state.task = Task { [weak self, setup] in
                while let (number, text) = self?.next(silences) {
                    let failure = await Self.speak(text, setup)
                    guard self?.end(number, silences) == true else { return }
                    report(.spoken(number, failure: failure))
                }
            }
        }
    }

    private static func speak(_ text: SpokenText, _ setup: SpeechSetup?) async -> String? {
        guard let setup else { return "There is no voice here." }
        do throws(SpeechError) {
            try await setup.play(text)
            return nil
        } catch {
            return error.message
        }
    }

    /// The text to speak next, which stays where more can be added to it; nil when there is none,
    /// or a silence came.
    private func next(_ silences: Int) -> (number: Int, text: SpokenText)? {
        state.withLock { state in
            guard state.silences == silences else { return nil }
            if state.texts.isEmpty { state.task = nil }
            return state.texts.first
        }
    }

    /// A text is over; false when a silence came meanwhile.
    private func end(_ number: Int, _ silences: Int) -> Bool {
        state.withLock { state in
            guard state.silences == silences else { return false }
            state.texts.removeAll { $0.number == number }
            return true
        }
    }

    private func stop() {
        let task = state.withLock { state in
            state.texts = []
            state.silences += 1
            defer { state.task = nil }
            return state.task
        }
        task?.cancel()
    }
}
