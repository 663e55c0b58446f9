import Assistants
import AssistantsEngine
import FoundationEssentials
import Synchronization

/// A code interpreter that does what it is told: each run of code gives the next events.
final class ScriptedInterpreter: CodeInterpreter {
    private struct State {
        var scripts: [[InterpreterEvent]]
        var runs: [CodeRun] = []
        var forgotten: [Assistants.Thread.ID] = []
        var isStopped = false
    }

    private let state: Mutex<State>
    /// What `copy` gives for each file.
    let files: [String: String]

    /// Every code it was given.
    var runs: [CodeRun] { state.withLock { $0.runs } }
    var forgotten: [Assistants.Thread.ID] { state.withLock { $0.forgotten } }
    /// Whether somebody stopped reading before the end.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    init(_ scripts: [InterpreterEvent]..., files: [String: String] = [:]) {
        state = Mutex(State(scripts: scripts))
        self.files = files
    }

    func run(_ code: CodeRun) async -> AsyncStream<InterpreterEvent> {
        let script = state.withLock { state in
            state.runs.append(code)
            return state.scripts.isEmpty ? [] : state.scripts.removeFirst()
        }
        return AsyncStream { stream in
            for event in script { stream.yield(event) }
            // Without an end in the script it goes on until it is stopped.
            let ends = script.contains {
                switch $0 {
                case .finished, .failed: true
                case .printed, .drew: false
                }
            }
            if ends || script.isEmpty { stream.finish() }
            stream.onTermination = { [weak self] end in
                guard case .cancelled = end else { return }
                self?.state.withLock { $0.isStopped = true }
            }
        }
    }

    func files(
        of thread: Assistants.Thread.ID, with inputs: [CodeRun.Input]
    ) async -> [String] { (files.keys + inputs.map(\.name)).sorted() }

    func copy(
        _ file: String, of thread: Assistants.Thread.ID, to path: String
    ) async throws(InterpreterError) {
        guard let text = files[file] else { throw InterpreterError("There is no \(file).") }
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw InterpreterError("\(error)")
        }
    }

    func prepare() async {}

    func close() async {}

    func forget(_ thread: Assistants.Thread.ID) async {
        state.withLock { $0.forgotten.append(thread) }
    }
}
