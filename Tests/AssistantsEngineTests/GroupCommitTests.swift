import Assistants
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import AssistantsEngine

@Suite("Writes that wait together") struct GroupCommitTests {
    /// Counts transactions.
    private final class Commits: TransactionObserver, Sendable {
        let count = Mutex(0)
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { count.withLock { $0 += 1 } }
        func databaseDidRollback(_ db: Database) {}
    }

    /// A table, a counter of commits, and a writer that is busy until the gate opens.
    private func busyWriter() async throws -> (DatabaseQueue, GroupCommit, Commits, Gate) {
        let queue = try DatabaseQueue()
        try await queue.write { try $0.execute(sql: "CREATE TABLE t (n INTEGER UNIQUE)") }
        let commits = Commits()
        queue.add(transactionObserver: commits)
        let writer = GroupCommit(queue)
        let gate = Gate()
        writer.submit({ _ in gate.wait() }, ending: { (_: Result<Void, any Error>) in })
        return (queue, writer, commits, gate)
    }

    @Test("share one commit, in the order in which they came")
    func share() async throws {
        let (queue, writer, commits, gate) = try await busyWriter()
        let endings = Mutex<[Int]>([])
        for number in 0..<50 {
            writer.submit({ try $0.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number]) })
            {
                if case .success = $0 { endings.withLock { $0.append(number) } }
            }
        }
        gate.open()
        try await writer.write { _ in }
        #expect(endings.withLock { $0 } == Array(0..<50))
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 50)
        #expect(commits.count.withLock { $0 } <= 3)
    }

    @Test("fail each for itself")
    func isolation() async throws {
        let (queue, writer, _, gate) = try await busyWriter()
        let failed = Mutex<[Int]>([])
        for (place, number) in [1, 2, 1, 3].enumerated() {
            writer.submit({ db in
                try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number + 100])
                try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number])
            }) {
                if case .failure = $0 { failed.withLock { $0.append(place) } }
            }
        }
        gate.open()
        try await writer.write { _ in }
        #expect(failed.withLock { $0 } == [2])
        let numbers = try await queue.read {
            try Int.fetchAll($0, sql: "SELECT n FROM t ORDER BY n")
        }
        #expect(numbers == [1, 2, 3, 101, 102, 103])
    }

    @Test("are kept beside one that the disk has no room for")
    func fullDisk() async throws {
        let (queue, writer, _, gate) = try await busyWriter()
        let kept = Mutex<Set<Int>>([])
        // A statement that runs out of room while it writes one row ends its whole transaction.
        for (number, length) in [(1, 0), (2, 1_000_000), (3, 0)] {
            let text = "\(number)" + String(repeating: "x", count: length)
            writer.submit({ db in
                try db.execute(sql: "PRAGMA max_page_count = 20")
                try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [text])
            }) { (result: Result<Void, any Error>) in
                if case .success = result { kept.withLock { _ = $0.insert(number) } }
            }
        }
        gate.open()
        try await writer.write { _ in }
        #expect(kept.withLock { $0 } == [1, 3])
        #expect(try await queue.read { try Int.fetchAll($0, sql: "SELECT n FROM t") } == [1, 3])
    }

    /// Holds the database's own thread up; a condition, because that thread cannot await.
    private final class Gate: Sendable {
        private let isOpen = Atomic(false)
        func open() { isOpen.store(true, ordering: .releasing) }
        func wait() { while !isOpen.load(ordering: .acquiring) { yieldThread() } }
        private func yieldThread() { sched_yield() }
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
