import Assistants
import GRDB
import Wire

/// How much of a thread a run may send to its model.
struct HistoryLimit: Sendable {
    /// The most messages.
    var count: Int
    /// The most bytes of text; the newest message is always taken.
    var bytes: Int

    /// The most messages that are ever read for one run.
    static let most = 2000
}

extension Database {
    /// What was said in a thread before a run, oldest first: as much of the end as fits, and the
    /// very first message where the middle had to be left out.
    func history(
        of thread: Thread.ID, before run: Run.ID, limit: HistoryLimit
    ) throws -> [Message] {
        let rows = try Row.fetchCursor(
            self,
            sql: """
                SELECT json FROM message WHERE thread = ? AND run IS NOT ?
                ORDER BY position DESC LIMIT ?
                """,
            arguments: [thread, run, limit.count + 1])
        var newest: [Message] = []
        var bytes = 0
        var isWhole = true
        while let row = try rows.next() {
            let message = try Message(json: row.object)
            let size = message.text.utf8.count
            if !newest.isEmpty, bytes + size > limit.bytes || newest.count == limit.count {
                isWhole = false
                break
            }
            bytes += size
            newest.append(message)
        }
        if !isWhole, let first = try firstMessage(of: thread),
            bytes + first.text.utf8.count <= limit.bytes, newest.count < limit.count
        {
            newest.append(first)
        }
        return newest.reversed()
    }

    private func firstMessage(of thread: Thread.ID) throws -> Message? {
        try Row.fetchOne(
            self, sql: "SELECT json FROM message WHERE thread = ? ORDER BY position LIMIT 1",
            arguments: [thread]
        ).map { try Message(json: $0.object) }
    }
}
