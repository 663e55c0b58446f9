package import Assistants
package import Processes

/// Runs the code that models write in sandboxes, one Python for each thread.
///
/// An actor, because its pool is made when the first is needed, and threads share it.
package actor SandboxInterpreter: CodeInterpreter {
    private let sandbox: Sandbox
    private let settings: KernelPool.Settings
    private let folder: String
    private var pool: KernelPool?

    /// Runs code in a sandbox.
    /// - Parameter directory: The data directory, by which the place of the code's files is named.
    package init(_ sandbox: Sandbox, settings: KernelPool.Settings, directory: String) {
        self.sandbox = sandbox
        self.settings = settings
        folder = KernelPool.usualFolder(for: directory)
    }

    package nonisolated func run(_ code: CodeRun) async -> AsyncStream<InterpreterEvent> {
        AsyncStream { events in
            let task = Task {
                do {
                    try await self.run(code, telling: events)
                } catch {
                    events.yield(.failed("The code could not be run. \(error)"))
                }
                events.finish()
            }
            events.onTermination = { _ in task.cancel() }
        }
    }

    package func prepare() async {
        // Why there is none is told to whoever runs code.
        try? await openPool().prepare()
    }

    package func files(
        of thread: Assistants.Thread.ID, with inputs: [CodeRun.Input]
    ) async -> [String] {
        let inputs = inputs.map { (key: $0.id, name: $0.name) }
        return await pool?.files(of: thread, with: inputs) ?? KernelPool.files(with: inputs)
    }

    package func copy(
        _ file: String, of thread: Assistants.Thread.ID, to path: String
    ) async throws(InterpreterError) {
        guard let pool else { throw InterpreterError("No code has run here.") }
        do throws(FolderError) {
            try await pool.copy(file, of: thread, to: path)
        } catch {
            throw InterpreterError(error.description)
        }
    }

    package func forget(_ thread: Assistants.Thread.ID) async { await pool?.forget(thread) }

    package func close() async { await pool?.close() }

    private func openPool() throws(FolderError) -> KernelPool {
        if let pool { return pool }
        let new = try KernelPool(sandbox, folder: folder, settings: settings)
        pool = new
        return new
    }

    // MARK: Running

    private nonisolated func run(
        _ code: CodeRun, telling events: AsyncStream<InterpreterEvent>.Continuation
    ) async throws {
        let pool = try await openPool()
        let cell = CodeCell(
            thread: code.thread, code: code.code,
            files: code.inputs.map { input in
                CodeFile(key: input.id, name: input.name) {
                    let reader = try FileReader(path: input.path)
                    return { try await reader.next() }
                }
            }, hasHistory: code.hasHistory)
        _ = try await pool.run(cell) { event in
            switch event {
            case .renewed(let filesStay): events.yield(.printed(Self.beginning(filesStay)))
            case .text(let text, _): events.yield(.printed(text))
            case .cut: events.yield(.printed(Self.note("More was printed and left out.")))
            case .image(let bytes): events.yield(.drew(bytes))
            case .file: break
            case .ended(let ending):
                if let words = Self.words(ending) { events.yield(.printed(Self.note(words))) }
            }
        }
        events.yield(.finished(files: await pool.files(of: code.thread)))
    }

    /// What code begins with whose thread had defined something that is gone.
    private static func beginning(_ filesStay: Bool) -> String {
        filesStay
            ? "[Python was started anew: nothing is defined any more.]\n"
            : "[Python was started anew: nothing is defined any more, and files that earlier code "
                + "wrote are gone.]\n"
    }

    /// What an ending has to say that was not printed.
    private static func words(_ ending: CellEnding) -> String? {
        switch ending {
        case .finished, .failed: nil
        case .left, .interrupted: "The code \(ending.description)"
        case .died(let sentence): "The interpreter ended: \(sentence)"
        }
    }

    private static func note(_ sentence: String) -> String { "\n[\(sentence)]\n" }
}
