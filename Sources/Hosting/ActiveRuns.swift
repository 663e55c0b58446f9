import Assistants
import Synchronization

/// Which runs are going on, as far as it was told.
///
/// A class, because whoever tells and whoever asks share it.
final class ActiveRuns: Sendable {
    private struct State {
        var threads: [Run.ID: Thread.ID] = [:]
        /// Those at which a model or a tool is at work.
        var working: Set<Run.ID> = []
    }

    private let state = Mutex(State())

    /// Every run that has not ended, and its thread.
    var all: [Run.ID: Thread.ID] { state.withLock { $0.threads } }

    /// Whether one is at work that would have to begin again elsewhere.
    var areWorking: Bool { state.withLock { !$0.working.isEmpty } }

    /// Takes in what happened.
    func note(_ event: ServiceEvent) {
        switch event.kind {
        case .run(.run(_, let run)):
            state.withLock { state in
                state.threads[run.id] = run.status.isActive ? run.threadID : nil
                if run.status.isActive, run.status != .requiresAction {
                    state.working.insert(run.id)
                } else {
                    state.working.remove(run.id)
                }
            }
        case .threadDeleted:
            state.withLock { state in
                for (run, thread) in state.threads where thread == event.threadID {
                    state.threads[run] = nil
                    state.working.remove(run)
                }
            }
        default: break
        }
    }
}
