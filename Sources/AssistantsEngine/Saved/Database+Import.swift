import Assistants
import GRDB
import Wire

/// How saved objects are put beside those that are there.
struct ImportRules: Sendable {
    /// Whether objects that are there already are overwritten.
    var overwrites: Bool
    /// The objects that every new directory begins with: what was saved of them always counts.
    var builtIn: Set<String>

    func replaces(_ id: String) -> Bool { overwrites || builtIn.contains(id) }
}

extension Database {
    /// Takes in objects of one kind. Each thread's messages are put in order when the next begins.
    ///
    /// - Parameters:
    ///   - contents: what is in each object, where it is a file that has content.
    ///   - unsettled: the thread whose messages are not in their order yet, because more of them
    ///     may follow.
    func take(
        _ objects: [ImportStage.Staged], contents: [String?], _ rules: ImportRules,
        settling unsettled: inout Thread.ID?
    ) throws -> [ImportOutcome] {
        switch objects.first?.object.kind {
        case .message?, .run?, .step?:
            return try take(objects, rules, settling: &unsettled)
        case .file?: return try zip(objects, contents).map { try take($0, content: $1, rules) }
        case .assistant?, .vectorStore?, .vectorStoreFile?, .thread?:
            return try objects.map { try take($0, content: nil, rules) }
        case nil:
            if let thread = unsettled { try settleMessages(of: thread) }
            unsettled = nil
            return []
        }
    }

    /// What becomes of a file that is there already, nil for none, and the name of what is in it.
    func importedFile(
        _ staged: ImportStage.Staged, _ rules: ImportRules
    ) throws -> (outcome: ImportOutcome?, content: String?) {
        let outcome = try outcome(for: staged.object, in: "file", staged.project, rules)
        let select = try cachedStatement(sql: "SELECT content FROM file WHERE id = ?")
        return (outcome, try String.fetchOne(select, arguments: [staged.object.id]))
    }

    /// Takes in an object that stands for itself.
    func take(
        _ staged: ImportStage.Staged, content: String?, _ rules: ImportRules
    ) throws -> ImportOutcome {
        let (object, project) = (staged.object, staged.project)
        switch object.kind {
        case .assistant:
            return try take(object, in: "assistant", project, rules) {
                try insert(Assistant(json: object.json), project: project)
            }
        case .file:
            let outcome = try take(object, in: "file", project, rules) {
                let file = try File(json: object.json)
                try insert(file, project: project, content: content, sum: nil)
            }
            if outcome == .replaced, let content { try replaceContent(of: object.id, by: content) }
            return outcome
        case .vectorStore:
            return try take(object, in: "vector_store", project, rules) {
                try insert(VectorStore(json: object.json), project: project)
            }
        case .thread:
            return try take(object, in: "thread", project, rules) {
                let thread = try Thread(json: object.json)
                try insert(thread, project: project, at: thread.createdAt * 1000)
            }
        case .vectorStoreFile: return try takeMember(object, project, rules)
        case .message, .run, .step: return .refused("objects of a thread were out of order")
        }
    }

    private func take(
        _ object: SavedObject, in table: String, _ project: String, _ rules: ImportRules,
        _ insert: () throws -> Void
    ) throws -> ImportOutcome {
        guard let outcome = try outcome(for: object, in: table, project, rules) else {
            try insert()
            return .added
        }
        if outcome == .replaced {
            try execute(
                sql: "UPDATE \(table) SET json = ?, created_at = ? WHERE id = ?",
                arguments: [object.json.text, object.createdAt, object.id])
        }
        return outcome
    }

    /// What becomes of an object that is there already; nil for one that is not.
    func outcome(
        for object: SavedObject, in table: String, _ project: String, _ rules: ImportRules
    ) throws -> ImportOutcome? {
        let select = try cachedStatement(sql: "SELECT project FROM \(table) WHERE id = ?")
        guard let owner = try String.fetchOne(select, arguments: [object.id]) else { return nil }
        if owner != project { return .refused("another project has objects with the same ids") }
        return rules.replaces(object.id) ? .replaced : .kept
    }

    /// Gives a file other content, which is searched anew wherever the old one was.
    private func replaceContent(of id: File.ID, by content: String) throws {
        try execute(
            sql: "UPDATE file SET content = ?, sum = NULL WHERE id = ?", arguments: [content, id])
        let members = try Row.fetchAll(
            self, sql: "SELECT json, batch FROM vector_store_file WHERE id = ?", arguments: [id])
        for row in members {
            var member = try VectorStoreFile(json: row.object)
            member.status = .inProgress
            member.lastError = nil
            try insert(member, batch: row["batch"])
        }
    }

    private func takeMember(
        _ object: SavedObject, _ project: String, _ rules: ImportRules
    ) throws -> ImportOutcome {
        let store = try String.fetchOne(
            self, sql: "SELECT project FROM vector_store WHERE id = ?", arguments: [object.owner])
        guard store == project else { return .refused("their vector store was not saved") }
        let file = try Row.fetchOne(
            self, sql: "SELECT project, content FROM file WHERE id = ?", arguments: [object.id])
        guard let file, file["project"] == project else {
            return .refused("files of vector stores whose file was not saved")
        }
        let isThere = (try? member(object.id, of: object.owner)) != nil
        if isThere, !rules.overwrites { return .kept }
        var member = try VectorStoreFile(json: object.json)
        let content: String? = file["content"]
        // What was searchable is indexed again; what had failed before fails again, and says why.
        if member.status != .cancelled, content != nil {
            member.status = .inProgress
            member.lastError = nil
        } else if member.status == .inProgress {
            member.status = .failed
            member.lastError = IndexingError(.invalidFile, "The content of the file is not there.")
        }
        try insert(member)
        return isThere ? .replaced : .added
    }

    // MARK: - Threads

    /// Takes in objects of threads, those of one together.
    private func take(
        _ objects: [ImportStage.Staged], _ rules: ImportRules, settling unsettled: inout Thread.ID?
    ) throws -> [ImportOutcome] {
        var outcomes: [ImportOutcome] = []
        var rest = objects[...]
        while let first = rest.first?.object {
            let end = rest.firstIndex { $0.object.owner != first.owner } ?? rest.endIndex
            if let thread = unsettled, thread != first.owner {
                try settleMessages(of: thread)
                unsettled = nil
            }
            let taken = try take(Array(rest[..<end]), rules)
            if first.kind == .message, taken.contains(.added) { unsettled = first.owner }
            outcomes += taken
            rest = rest[end...]
        }
        return outcomes
    }

    /// Takes in objects of one thread, oldest first; a thread that was not saved is made.
    private func take(
        _ objects: [ImportStage.Staged], _ rules: ImportRules
    ) throws -> [ImportOutcome] {
        guard let first = objects.first else { return [] }
        let (thread, project) = (first.object.owner, first.project)
        let owner = try String.fetchOne(
            self, sql: "SELECT project FROM thread WHERE id = ?", arguments: [thread])
        if owner == nil {
            try insert(
                Thread(id: thread, createdAt: first.object.createdAt), project: project,
                at: first.object.createdAt * 1000)
        } else if owner != project {
            return objects.map { _ in .refused("another project has objects with the same ids") }
        }
        switch first.object.kind {
        case .message: return try takeMessages(objects, rules)
        case .run: return try objects.map { try takeRun($0, rules) }
        default: return try objects.map { try takeStep($0, rules) }
        }
    }

    private func takeMessages(
        _ objects: [ImportStage.Staged], _ rules: ImportRules
    ) throws -> [ImportOutcome] {
        let thread = objects[0].object.owner
        var end = try threadEnd(thread)
        let insert = try cachedStatement(
            sql: """
                INSERT INTO message (id, thread, project, position, created_at, role, run, json)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let outcomes = try objects.map { staged -> ImportOutcome in
            let (object, project) = (staged.object, staged.project)
            if let outcome = try outcome(for: object, in: "message", project, rules) {
                if outcome == .replaced { try update(try Message(json: object.json)) }
                return outcome
            }
            try insert.execute(arguments: [
                object.id, thread, project, end.position, object.createdAt,
                object.json["role"]?.stringValue ?? "", object.json["run_id"]?.stringValue,
                object.json.text,
            ])
            end.position += 1
            end.count += 1
            return .added
        }
        try execute(
            sql: "UPDATE thread SET next_position = ?, message_count = ? WHERE id = ?",
            arguments: [end.position, end.count, thread])
        try setOpening(of: thread)
        try noteActivity(in: thread, at: objects.map(\.object.createdAt).max() ?? 0)
        return outcomes
    }

    /// Where a thread goes on.
    private struct ThreadEnd {
        var position: Int
        var count: Int
    }

    private func threadEnd(_ thread: Thread.ID) throws -> ThreadEnd {
        let row = try Row.fetchOne(
            self, sql: "SELECT next_position, message_count FROM thread WHERE id = ?",
            arguments: [thread])
        return ThreadEnd(
            position: row?["next_position"] ?? 0, count: row?["message_count"] ?? 0)
    }

    /// Puts the messages of a thread in the order of their times where they are not; those of one
    /// second stay in the order in which they came.
    func settleMessages(of thread: Thread.ID) throws {
        let isMixed = try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM (
                    SELECT created_at, lag(created_at) OVER (ORDER BY position) AS before
                    FROM message WHERE thread = ?) WHERE before > created_at)
                """,
            arguments: [thread])
        if isMixed != true { return }
        // Below zero first: no two may have one place, not even on the way.
        try execute(
            sql: "UPDATE message SET position = -1 - position WHERE thread = ?",
            arguments: [thread])
        try execute(
            sql: """
                WITH ranked AS (
                    SELECT id, row_number() OVER (ORDER BY created_at, position DESC) - 1 AS place
                    FROM message WHERE thread = ?1)
                UPDATE message SET position = place FROM ranked
                WHERE message.id = ranked.id AND thread = ?1
                """,
            arguments: [thread])
        try execute(
            sql: """
                UPDATE thread SET next_position =
                    (SELECT count(*) FROM message WHERE thread = ?1) WHERE id = ?1
                """,
            arguments: [thread])
        try setOpening(of: thread)
    }

    private func noteActivity(in thread: Thread.ID, at seconds: Int) throws {
        try execute(
            sql: "UPDATE thread SET last_activity = max(last_activity, ?) WHERE id = ?",
            arguments: [seconds * 1000, thread])
    }

    private func takeRun(
        _ staged: ImportStage.Staged, _ rules: ImportRules
    ) throws -> ImportOutcome {
        let (object, project) = (staged.object, staged.project)
        if let outcome = try outcome(for: object, in: "run", project, rules) {
            if outcome == .replaced { try update(try Run(json: object.json).ended) }
            return outcome
        }
        let run = try Run(json: object.json).ended
        try execute(
            sql: """
                INSERT INTO run (id, thread, project, created_at, active, attempt, json)
                VALUES (?, ?, ?, ?, 0, 0, ?)
                """,
            arguments: [run.id, run.threadID, project, run.createdAt, run.json.text])
        try execute(
            sql: "UPDATE thread SET assistant_id = ? WHERE id = ?",
            arguments: [run.assistantID, run.threadID])
        try noteActivity(in: run.threadID, at: run.createdAt)
        return .added
    }

    private func takeStep(
        _ staged: ImportStage.Staged, _ rules: ImportRules
    ) throws -> ImportOutcome {
        let (object, project) = (staged.object, staged.project)
        let step = try RunStep(json: object.json)
        let outcome = try outcome(for: object, in: "step", project, rules)
        if let outcome, outcome != .replaced { return outcome }
        let run = try String.fetchOne(
            self, sql: "SELECT id FROM run WHERE id = ? AND thread = ?",
            arguments: [step.runID, step.threadID])
        if run == nil { return .refused("their run was not saved") }
        try execute(
            sql: """
                INSERT INTO step (id, run, thread, project, created_at, json)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json
                """,
            arguments: [
                step.id, step.runID, step.threadID, project, step.createdAt, step.json.text,
            ])
        return outcome ?? .added
    }
}

extension Run {
    /// The run, over: nobody carries on a run that was saved in the middle.
    fileprivate var ended: Run {
        guard status.isActive else { return self }
        var run = self
        run.status = .expired
        run.requiredAction = []
        run.expiresAt = nil
        return run
    }
}
