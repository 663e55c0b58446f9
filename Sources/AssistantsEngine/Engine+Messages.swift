package import Assistants
import GRDB

extension Engine: MessageWindows {
    package func createMessage(
        _ request: MessageRequest, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try RequestChecks.message(request)
        let message = newMessage(request, in: thread)
        let (time, settling) = (clock.milliseconds, settler(for: caller))
        let changed = try await store.write { db in
            let row = try db.threadRow(thread, for: caller)
            if let run = row.activeRun {
                throw APIError.invalid(
                    "Can't add messages to \(thread) while a run \(run) is active.")
            }
            try db.append(message, project: row.project, at: time)
            var settler = settling
            settler.project = row.project
            return try settler.attach(filesOf: [message], to: row.thread, in: db)
        }
        if let changed {
            indexer.wake()
            publish(.threadChanged(changed), thread: thread)
        }
        publish(.messageAdded(message), thread: thread)
        return message
    }

    package func message(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Message {
        try await store.read { db in
            try db.requireThread(thread, for: caller)
            return try db.message(id, in: thread, for: caller)
        }
    }

    package func messages(
        in thread: Thread.ID, run: Run.ID?, _ page: PageRequest, for caller: Caller
    ) async throws(APIError) -> Page<Message> {
        var condition = Condition("thread = ?", [thread])
        if let run { condition = condition.and("run = ?", [run]) }
        let query = PageQuery(table: "message", order: ["position"], condition: condition)
        return try await store.read { db in
            try db.requireThread(thread, for: caller)
            return try query.page(page, in: db) { try Message(json: $0.object) }
        }
    }

    package func modifyMessage(
        _ id: Message.ID, in thread: Thread.ID, metadata: [String: String], for caller: Caller
    ) async throws(APIError) -> Message {
        try RequestChecks.metadata(metadata)
        return try await store.write { db in
            try db.requireThread(thread, for: caller)
            var message = try db.message(id, in: thread, for: caller)
            if message.status == .inProgress {
                throw APIError.invalid("Cannot update message with status 'in_progress'.")
            }
            message.metadata = metadata
            try db.update(message)
            return message
        }
    }

    package func deleteMessage(
        _ id: Message.ID, in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) {
        try await store.write { db in
            let row = try db.threadRow(thread, for: caller)
            if let run = row.activeRun {
                throw APIError.invalid(
                    "Can't delete messages from \(thread) while a run \(run) is active.")
            }
            try db.delete(try db.message(id, in: thread, for: caller))
        }
        publish(.messageDeleted(id), thread: thread)
    }

    package func messageCount(
        in thread: Thread.ID, for caller: Caller
    ) async throws(APIError) -> Int {
        try await store.read { try $0.threadRow(thread, for: caller).messageCount }
    }

    package func messages(
        in thread: Thread.ID, at range: Range<Int>, for caller: Caller
    ) async throws(APIError) -> [Message] {
        try await store.read { db in
            let row = try db.threadRow(thread, for: caller)
            let range = range.clamped(to: 0..<row.messageCount)
            // Where nothing was ever deleted, a place is a position and costs no walk.
            let isWhole = row.messageCount == row.nextPosition
            let part =
                isWhole
                ? "AND position >= ?2 ORDER BY position LIMIT ?3"
                : "ORDER BY position LIMIT ?3 OFFSET ?2"
            let rows = try Row.fetchAll(
                db, sql: "SELECT json FROM message WHERE thread = ?1 \(part)",
                arguments: [thread, range.lowerBound, range.count])
            return try rows.map { try Message(json: $0.object) }
        }
    }
}
