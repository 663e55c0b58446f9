package import Assistants
import FoundationEssentials
package import Processes

/// Runs the code that models write in sandboxes, one Python for each thread.
///
/// An actor, because it makes its kernels' pool when the first is needed, and threads share it.
package actor SandboxInterpreter: CodeInterpreter {
    private let sandbox: Sandbox
    private let settings: KernelPool.Settings
    private let folder: String
    private var pool: KernelPool?
    /// What there is under `/mnt/data` of each thread, as far as it was told.
    private var files: [Assistants.Thread.ID: Set<String>] = [:]
    /// Threads whose code has run here.
    private var begun: Set<Assistants.Thread.ID> = []

    /// The most bytes of a file that is taken out.
    private static let fileLimit = FileFolder.sizeLimit

    /// Runs code in a sandbox.
    /// - Parameter directory: The data directory; the files of the code are beside it.
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
                } catch let problem as any CustomStringConvertible & Error {
                    events.yield(.failed(problem.description))
                } catch {
                    events.yield(.failed("The code could not be run: \(error)"))
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

    package func copy(
        _ file: String, of thread: Assistants.Thread.ID, to path: String
    ) async throws(InterpreterError) {
        do {
            guard let place = await pool?.folder(of: thread) else {
                throw InterpreterError("What the code of the thread made is gone.")
            }
            let bytes = try place.contents(of: file, limit: Self.fileLimit)
            try Data(bytes).write(to: URL(filePath: path))
        } catch let error as FolderError {
            throw InterpreterError(error.description)
        } catch let error as InterpreterError {
            throw error
        } catch {
            throw InterpreterError("The file could not be kept: \(error)")
        }
    }

    package func forget(_ thread: Assistants.Thread.ID) async {
        files[thread] = nil
        begun.remove(thread)
        await pool?.forget(thread)
    }

    package func close() async { await pool?.close() }

    private func openPool() throws(FolderError) -> KernelPool {
        if let pool { return pool }
        let new = try KernelPool(sandbox, folder: folder, settings: settings)
        pool = new
        return new
    }

    // MARK: Running

    private func run(
        _ code: CodeRun, telling events: AsyncStream<InterpreterEvent>.Continuation
    ) async throws {
        try await openPool().withKernel(of: code.thread) { kernel, isNew in
            if isNew, self.begin(code.thread) {
                events.yield(.printed(Self.note("Python was started anew: nothing is defined.")))
            }
            for input in code.inputs {
                let reader = try FileReader(path: input.path)
                let name = try await kernel.folder.put(input.id, named: input.name) {
                    try await reader.next()
                }
                self.add(name, to: code.thread)
            }
            for await event in try await kernel.run(code.code) {
                switch event {
                case .text(let text, _): events.yield(.printed(text))
                case .cut: events.yield(.printed(Self.note("More was printed and left out.")))
                case .image(let bytes): events.yield(.drew(bytes))
                case .file(let name): self.add(name, to: code.thread)
                case .ended(let ending):
                    if let words = Self.words(ending) {
                        events.yield(.printed(Self.note(words)))
                    }
                    events.yield(.finished(files: self.names(of: code.thread)))
                }
            }
        }
    }

    /// What an ending has to say that was not printed.
    private static func words(_ ending: CodeEnding) -> String? {
        switch ending {
        case .finished, .failed: nil
        case .left, .interrupted, .died: "The code \(ending.description)"
        }
    }

    private static func note(_ sentence: String) -> String { "\n[\(sentence)]\n" }

    /// Whether the thread's code has run here before; it has now.
    private func begin(_ thread: Assistants.Thread.ID) -> Bool { !begun.insert(thread).inserted }

    private func add(_ file: String, to thread: Assistants.Thread.ID) {
        files[thread, default: []].insert(file)
    }

    private func names(of thread: Assistants.Thread.ID) -> [String] {
        files[thread, default: []].sorted()
    }
}
