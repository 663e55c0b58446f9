import Assistants
import GRDB
import Wire

/// A thread with what its row knows beside it.
struct ThreadRow {
    var thread: Thread
    var project: String
    var messageCount: Int
    /// Where the next message goes.
    var nextPosition: Int
    var activeRun: Run.ID?
    var summary: ThreadSummary

    init(_ row: Row) throws {
        thread = try Thread(json: row.object)
        project = row["project"]
        messageCount = row["message_count"]
        nextPosition = row["next_position"]
        activeRun = row["active_run"]
        let activity: Int = row["last_activity"]
        summary = ThreadSummary(
            thread: thread, lastActivity: activity / 1000, messageCount: messageCount,
            opening: row["opening"], activeRun: activeRun, assistantID: row["assistant_id"])
    }
}

extension Database {
    func threadRow(_ id: Thread.ID, for caller: Caller) throws -> ThreadRow {
        try ThreadRow(row("thread", id, caller.scope, called: "thread"))
    }

    /// Throws unless the thread is there and the caller's.
    func requireThread(_ id: Thread.ID, for caller: Caller) throws {
        _ = try row("thread", id, caller.scope, called: "thread")
    }

    func insert(_ thread: Thread, project: String, at milliseconds: Int) throws {
        try execute(
            sql: """
                INSERT INTO thread (id, project, created_at, last_activity, json)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                thread.id, project, thread.createdAt, milliseconds, thread.json.text,
            ])
    }

    func update(_ thread: Thread) throws {
        try execute(
            sql: "UPDATE thread SET json = ? WHERE id = ?",
            arguments: [thread.json.text, thread.id])
    }

    /// Adds a message at the end of its thread, and what a list of threads shows of it.
    func append(_ message: Message, project: String, at milliseconds: Int) throws {
        let counts = try cachedStatement(
            sql: "SELECT next_position, message_count FROM thread WHERE id = ?")
        let row = try Row.fetchOne(counts, arguments: [message.threadID])
        guard let row else { throw APIError.notFound("thread", message.threadID) }
        let (position, count): (Int, Int) = (row["next_position"], row["message_count"])
        try executePrepared(
            """
            INSERT INTO message (id, thread, project, position, created_at, role, run, json)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                message.id, message.threadID, project, position, message.createdAt,
                message.role.wireName, message.runID, message.json.text,
            ])
        try executePrepared(
            """
            UPDATE thread SET next_position = next_position + 1,
                last_activity = max(last_activity, ?), message_count = message_count + 1
            WHERE id = ?
            """,
            [milliseconds, message.threadID])
        if count == 0 { try setOpening(of: message.threadID, to: message) }
    }

    func update(_ message: Message) throws {
        try executePrepared(
            "UPDATE message SET json = ? WHERE id = ?", [message.json.text, message.id])
    }

    func delete(_ message: Message) throws {
        try execute(sql: "DELETE FROM message WHERE id = ?", arguments: [message.id])
        try execute(
            sql: "UPDATE thread SET message_count = message_count - 1 WHERE id = ?",
            arguments: [message.threadID])
        try setOpening(of: message.threadID)
    }

    /// Has a list show how a thread begins now.
    func setOpening(of thread: Thread.ID) throws {
        let first = try Row.fetchOne(
            self, sql: "SELECT json FROM message WHERE thread = ? ORDER BY position LIMIT 1",
            arguments: [thread])
        try setOpening(of: thread, to: first.map { try Message(json: $0.object) })
    }

    private func setOpening(of thread: Thread.ID, to message: Message?) throws {
        let line = message?.text.unicodeScalars.drop { $0.properties.isWhitespace }
            .prefix { $0 != "\n" && $0 != "\r" }.prefix(120)
        try execute(
            sql: "UPDATE thread SET opening = ? WHERE id = ?",
            arguments: [line.map { String(String.UnicodeScalarView($0)) } ?? "", thread])
    }
}
