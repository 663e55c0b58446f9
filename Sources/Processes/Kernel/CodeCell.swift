/// Code to run, and the files it wants.
package struct CodeCell: Sendable {
    /// The thread whose definitions and files it sees.
    package var thread: String
    /// Python.
    package var code: String
    /// What must be in `/mnt/data` before.
    package var files: [CodeFile]
    /// Whether the thread ran code before, if only in a pool that is long gone.
    package var hasHistory: Bool

    /// Makes a cell.
    package init(
        thread: String, code: String, files: [CodeFile] = [], hasHistory: Bool = false
    ) {
        self.thread = thread
        self.code = code
        self.files = files
        self.hasHistory = hasHistory
    }
}

/// A file for `/mnt/data`.
package struct CodeFile: Sendable {
    /// Gives a file's pieces, and nil after the last.
    package typealias Reader = @Sendable () async throws -> [UInt8]?
    /// A file by its key, and the name that it should have.
    package typealias Named = (key: String, name: String)

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
    /// The first event is `renewed` where what the thread had defined is gone. The last is `ended`,
    /// and only then it returns. Cells of one thread run one after the other. When the task is
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
            switch origin {
            case .kept: break
            case .first: if cell.hasHistory { await tell(.renewed(filesStay: false)) }
            case .renewed: await tell(.renewed(filesStay: true))
            }
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

extension KernelPool {
    /// The files that the code of a thread finds, by their paths from `/mnt/data`: those that are
    /// there and can be named outside, and `inputs`, under the names that they have or will get.
    @concurrent
    package nonisolated func files(
        of thread: String, with inputs: [CodeFile.Named] = []
    ) async -> [String] {
        Self.files(in: await folder(of: thread), with: inputs)
    }

    /// The files of a thread that has no code yet.
    package static func files(with inputs: [CodeFile.Named]) -> [String] {
        files(in: nil, with: inputs)
    }

    private static func files(
        in folder: SharedFolder?, with inputs: [CodeFile.Named]
    ) -> [String] {
        var files = folder?.files() ?? []
        var taken = Set(files)
        for input in inputs where folder?.name(of: input.key) == nil {
            let name = FileName.attempts(input.name).first { taken.insert($0).inserted }
            if let name { files.append(name) }
        }
        return files.sorted()
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
