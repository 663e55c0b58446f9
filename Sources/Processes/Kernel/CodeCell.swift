/// Code to run, and the files it wants.
package struct CodeCell: Sendable {
    /// The thread whose definitions and files it sees.
    package var thread: String
    /// Python.
    package var code: String
    /// What must be in `/mnt/data` before.
    package var files: [CodeFile]

    /// Makes a cell.
    package init(thread: String, code: String, files: [CodeFile] = []) {
        self.thread = thread
        self.code = code
        self.files = files
    }
}

/// A file for `/mnt/data`.
package struct CodeFile: Sendable {
    /// Gives a file's pieces, and nil after the last.
    package typealias Reader = @Sendable () async throws -> [UInt8]?

    /// What it is, such as the file's id: it is put there once in a thread's session.
    package var key: String
    /// The name that it should have there.
    package var name: String
    /// Opens it to be read, when it is not there yet.
    package var open: @Sendable () async throws -> Reader

    /// Makes a file.
    package init(key: String, name: String, open: @Sendable @escaping () async throws -> Reader) {
        self.key = key
        self.name = name
        self.open = open
    }
}

/// What became of a cell.
package struct CodeResult: Hashable, Sendable {
    /// Where its kernel came from.
    package var origin: KernelPool.Origin
    /// How it ended.
    package var ending: CellEnding
    /// The names that the cell's files have in `/mnt/data`, by their keys.
    package var names: [String: String]

    /// Makes a result.
    package init(
        origin: KernelPool.Origin, ending: CellEnding, names: [String: String] = [:]
    ) {
        self.origin = origin
        self.ending = ending
        self.names = names
    }
}

extension KernelPool {
    /// Runs a cell and tells what is heard of it; returns when it is over.
    ///
    /// The first event is `renewed` where the thread's kernel had ended. The last is `ended`, and
    /// only then it returns. Cells of one thread run one after the other. When the task is
    /// cancelled the code is stopped, within a second, before this throws.
    /// - Throws: `SandboxProblem`, `FolderError`, `CellRefusal`, what opening a file throws, and
    ///   `CancellationError`.
    package nonisolated func run(
        _ cell: CodeCell, _ tell: (CellEvent) async -> Void
    ) async throws -> CodeResult {
        try await withKernel(of: cell.thread) { kernel, origin in
            var names: [String: String] = [:]
            for file in cell.files {
                names[file.key] = try await kernel.folder.put(file)
            }
            var result = CodeResult(
                origin: origin, ending: .interrupted(.asked), names: names)
            let events = try await kernel.run(cell.code)
            if origin == .renewed { await tell(.renewed) }
            for await event in events {
                if case .ended(let ending) = event { result.ending = ending }
                await tell(event)
            }
            // A stream whose reader was cancelled ends early.
            try Task.checkCancellation()
            return result
        }
    }
}

extension SharedFolder {
    /// Puts a file in, if it was not before; the name that it has.
    func put(_ file: CodeFile) async throws -> String {
        if let name = name(of: file.key) { return name }
        let next = try await file.open()
        return try await put(file.key, named: file.name) { try await next() }
    }
}
