import GRDB
import Synchronization

/// Runs writes one after the other, those that wait at the same time in one transaction.
///
/// A commit costs one wait for the disk; requests in flight together share it. Each write stands
/// or falls by itself: one that throws is undone without the others. Writes happen in the order in
/// which they were submitted, and a cancelled task does not undo what it asked for.
///
/// A class, because everyone who writes shares the one queue.
final class GroupCommit: Sendable {
    /// Says whether a write was committed: nil when it was.
    private typealias Ending = @Sendable ((any Error)?) -> Void

    private struct Job: Sendable {
        var work: @Sendable (Database) throws -> Ending
        var refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isDraining = false
    }

    /// The most writes that share a transaction, so that none waits long.
    private static let batchLimit = 256

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(_ writer: any DatabaseWriter) { self.writer = writer }

    /// Writes and waits until it is on disk.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit(body) { continuation.resume(with: $0) }
        }
    }

    /// Takes a write without waiting; `ending` is told once what became of it.
    func submit<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        ending: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let job = Job(
            work: { db in
                let value = try body(db)
                return { error in
                    ending(error.map { .failure($0) } ?? .success(value))
                }
            },
            refuse: { ending(.failure($0)) })
        let mustDrain = state.withLock { state in
            state.jobs.append(job)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustDrain { writer.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ db: Database) {
        while let jobs = nextBatch() { commit(jobs, in: db) }
    }

    private func nextBatch() -> [Job]? {
        state.withLock { state in
            if state.jobs.isEmpty {
                state.isDraining = false
                return nil
            }
            let batch = Array(state.jobs.prefix(Self.batchLimit))
            state.jobs.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ jobs: [Job], in db: Database) {
        var endings: [Ending] = []
        do {
            try db.inTransaction(.immediate) {
                for job in jobs {
                    do {
                        try db.inSavepoint {
                            endings.append(try job.work(db))
                            return .commit
                        }
                    } catch {
                        // Some errors, a full disk among them, end the whole transaction.
                        guard db.isInsideTransaction else { throw error }
                        endings.append { _ in job.refuse(error) }
                    }
                }
                return .commit
            }
            for ending in endings { ending(nil) }
        } catch {
            // Nothing of the transaction is left: what fits without the others is still kept.
            if jobs.count > 1 {
                for job in jobs { commit([job], in: db) }
            } else {
                jobs[0].refuse(error)
            }
        }
    }
}
