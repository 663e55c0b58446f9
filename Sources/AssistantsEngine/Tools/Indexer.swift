import Assistants
import GRDB
import Synchronization

/// Reads the files that were added to vector stores, one after the other, and indexes them.
///
/// What is to be done stands in the store, so nothing is lost when the program ends. A class,
/// because everyone who adds files wakes the one that indexes them.
final class Indexer: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isAsked = false
        var isClosing = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    /// How many passages are written at once, so that nobody else waits long.
    private static let batchSize = 100

    private let store: Store
    private let files: FileFolder
    private let state = Mutex(State())

    init(store: Store, files: FileFolder) {
        self.store = store
        self.files = files
    }

    /// Has everything indexed that waits for it.
    func wake() {
        state.withLock { state in
            if state.isClosing { return }
            state.isAsked = true
            if state.task == nil { state.task = Task { await self.work() } }
        }
    }

    /// Stops; what is not done is done by the next host.
    func close() async {
        let task = state.withLock { state in
            state.isClosing = true
            return state.task
        }
        task?.cancel()
        await task?.value
        tell()
    }

    /// Waits until no file of some stores is being indexed; at once where none is. Cancelling ends
    /// the wait.
    func waitUntilDone(with stores: [VectorStore.ID]) async {
        while !Task.isCancelled, (try? await isBusy(with: stores)) == true {
            let id = state.withLock { state in
                state.nextWaiter += 1
                return state.nextWaiter
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isLate = state.withLock { state in
                        if state.task == nil || Task.isCancelled { return true }
                        state.waiting[id] = continuation
                        return false
                    }
                    if isLate { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
            }
            if state.withLock({ $0.task == nil }) { return }
        }
    }

    private func isBusy(with stores: [VectorStore.ID]) async throws(APIError) -> Bool {
        try await store.read { db in
            try stores.contains { store in
                try Bool.fetchOne(
                    db,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM vector_store_file
                        WHERE store = ? AND status = 'in_progress')
                        """, arguments: [store]) ?? false
            }
        }
    }

    private func tell() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    // MARK: Working

    private struct Job: Sendable {
        var member: VectorStoreFile
        var position: Int64
        var file: FileRow?
    }

    private func work() async {
        while true {
            while !Task.isCancelled, let job = try? await nextJob() {
                // A store that cannot be written now is tried again when somebody adds a file.
                guard (try? await index(job)) != nil else { break }
                tell()
            }
            let isDone = state.withLock { state in
                if state.isAsked, !state.isClosing {
                    state.isAsked = false
                    return false
                }
                state.task = nil
                return true
            }
            if isDone { return tell() }
        }
    }

    private func nextJob() async throws(APIError) -> Job? {
        try await store.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM vector_store_file WHERE status = 'in_progress'
                    ORDER BY position LIMIT 1
                    """)
            guard let row else { return nil }
            let member = try VectorStoreFile(json: row.object)
            let file = try Row.fetchOne(
                db, sql: "SELECT * FROM file WHERE id = ?", arguments: [member.id])
            return Job(member: member, position: row["position"], file: try file.map(FileRow.init))
        }
    }

    private func index(_ job: Job) async throws(APIError) {
        var member = job.member
        do throws(IndexingError) {
            let pieces = try await pieces(of: job)
            member.usageBytes = pieces.reduce(0) { $0 + $1.text.utf8.count }
            try await write(pieces, job)
            member.status = .completed
            member.lastError = nil
        } catch {
            member.status = .failed
            member.lastError = error
            member.usageBytes = 0
        }
        if Task.isCancelled { return }
        let done = member
        try await store.write { db in
            // Taken out or cancelled meanwhile: nothing of it stays.
            guard try db.isOpen(job.position) else {
                return try db.deletePassages(of: job.position, in: done.vectorStoreID)
            }
            if done.status == .failed {
                try db.deletePassages(of: job.position, in: done.vectorStoreID)
            }
            // The attributes may have been changed meanwhile.
            var (current, _) = try db.member(done.id, of: done.vectorStoreID)
            current.status = done.status
            current.lastError = done.lastError
            current.usageBytes = done.usageBytes
            try db.update(current, at: job.position)
        }
    }

    private func pieces(of job: Job) async throws(IndexingError) -> [PassageCutter.Piece] {
        guard let file = job.file, let content = file.content else {
            throw IndexingError(.invalidFile, "The content of \(job.member.id) is not there.")
        }
        if file.file.byteCount > TextExtraction.sizeLimit {
            throw IndexingError(
                .invalidFile,
                "\(file.file.filename) is larger than \(TextExtraction.sizeLimit >> 20) MiB, which "
                    + "is the most that is searched of one file.")
        }
        var bytes: [UInt8] = []
        do {
            let reader = try FileReader(path: files.path(of: content))
            while let piece = try await reader.next() { bytes += piece }
        } catch {
            throw IndexingError(.serverError, error.message)
        }
        let text = try TextExtraction.text(of: bytes, filename: file.file.filename)
        guard case .fixed(let tokens, let overlap) = job.member.chunkingStrategy else {
            return PassageCutter(tokens: 800, overlap: 400).pieces(of: text)
        }
        return PassageCutter(tokens: tokens, overlap: overlap).pieces(of: text)
    }

    private func write(
        _ pieces: [PassageCutter.Piece], _ job: Job
    ) async throws(IndexingError) {
        let (position, store) = (job.position, job.member.vectorStoreID)
        let filename = job.file?.file.filename ?? ""
        do throws(APIError) {
            // What an interrupted attempt left.
            try await self.store.write { try $0.deletePassages(of: position, in: store) }
            var place = 0
            while place < pieces.count, !Task.isCancelled {
                let (first, some) = (place, Array(pieces[place...].prefix(Self.batchSize)))
                let goesOn = try await self.store.write { db in
                    guard try db.isOpen(position) else { return false }
                    try db.insert(some, of: position, named: filename, from: first, in: store)
                    return true
                }
                if !goesOn { return }
                place += some.count
            }
        } catch {
            throw IndexingError(.serverError, error.message)
        }
    }
}

extension Database {
    /// Whether a file of a store is still to be indexed.
    fileprivate func isOpen(_ position: Int64) throws -> Bool {
        try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM vector_store_file
                WHERE position = ? AND status = 'in_progress')
                """, arguments: [position]) ?? false
    }
}
