import Assistants
import GRDB
import Wire

/// What a run's host writes at once: what changed, and the number that proves it is still host.
struct RunWrite: Sendable {
    var run: Run
    /// Whether the run and its memory are as they were last written, so that only what it makes and
    /// the claim are written.
    var isGrowth = false
    var memory: RunMemory
    var project: String
    /// The host's claim on the run; a write with an old one is refused.
    var attempt: Int
    var steps: [RunStep] = []
    var messages: [Message] = []
    /// When the host's claim ends unless it writes again, in milliseconds; nil lets go of it.
    var lease: Int?
    var milliseconds: Int
}

/// Another host has taken the run over, or the run is gone.
struct RunSuperseded: Error {}

/// An active run as it was found, with what it made.
struct RunRecord: Sendable {
    var run: Run
    var project: String
    var memory: RunMemory
    var attempt: Int
    var interruptions: Int
    var steps: [RunStep]
    var messages: [Message]
}

extension Database {
    /// Puts a new run in the queue of its thread, and locks the thread.
    func insert(_ run: Run, project: String, lease: Int, at milliseconds: Int) throws {
        try execute(
            sql: """
                INSERT INTO run (id, thread, project, created_at, active, attempt, lease, json)
                VALUES (?, ?, ?, ?, 1, 1, ?, ?)
                """,
            arguments: [
                run.id, run.threadID, project, run.createdAt, lease, run.json.text,
            ])
        try execute(
            sql: """
                UPDATE thread SET active_run = ?, assistant_id = ?, last_activity = ? WHERE id = ?
                """,
            arguments: [run.id, run.assistantID, milliseconds, run.threadID])
    }

    /// Changes a run that nobody hosts.
    func update(_ run: Run) throws {
        try execute(
            sql: "UPDATE run SET json = ? WHERE id = ?", arguments: [run.json.text, run.id])
    }

    /// Writes what changed in a run, and unlocks its thread when it has ended.
    func save(_ write: RunWrite) throws {
        let run = write.run
        if write.isGrowth {
            try executePrepared(
                "UPDATE run SET lease = ? WHERE id = ? AND attempt = ? AND active = 1",
                [write.lease, run.id, write.attempt])
        } else {
            try executePrepared(
                """
                UPDATE run SET active = ?, lease = ?, memory = ?, json = ?
                WHERE id = ? AND attempt = ? AND active = 1
                """,
                [
                    run.status.isActive, write.lease, write.memory.json.text, run.json.text,
                    run.id, write.attempt,
                ])
        }
        if changesCount == 0 { throw RunSuperseded() }
        for step in write.steps { try save(step, project: write.project) }
        for message in write.messages {
            try save(message, project: write.project, at: write.milliseconds)
        }
        if !run.status.isActive {
            // Only a run that was active writes, so it is counted once.
            try add(
                tokens: run.usage?.totalTokens ?? 0, usedBy: write.project,
                at: write.milliseconds)
            try execute(
                sql: """
                    UPDATE thread SET active_run = NULL, last_activity = ?
                    WHERE id = ? AND active_run = ?
                    """,
                arguments: [write.milliseconds, run.threadID, run.id])
        }
    }

    private func save(_ step: RunStep, project: String) throws {
        try executePrepared(
            """
            INSERT INTO step (id, run, thread, project, created_at, json)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json
            """,
            [step.id, step.runID, step.threadID, project, step.createdAt, step.json.text])
    }

    private func save(_ message: Message, project: String, at milliseconds: Int) throws {
        try update(message)
        if changesCount == 0 { try append(message, project: project, at: milliseconds) }
    }

    /// How many runs are in each state, of those that have not ended.
    func activeRunCounts() throws -> [RunStatus: Int] {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT json_extract(json, '$.status') AS status, count(*) AS count FROM run
                WHERE active = 1 GROUP BY status
                """)
        return Dictionary(
            rows.map { (RunStatus(wireName: $0["status"]), $0["count"]) },
            uniquingKeysWith: { $0 + $1 })
    }

    /// Claims every active run for a new host: those that no host let go of were interrupted.
    func claimActiveRuns(lease: Int) throws -> [RunRecord] {
        try execute(
            sql: """
                UPDATE run SET attempt = attempt + 1,
                    interruptions = interruptions + (lease IS NOT NULL
                        AND json_extract(json, '$.status') = 'in_progress'), lease = ?
                WHERE active = 1
                """,
            arguments: [lease])
        let rows = try Row.fetchAll(self, sql: "SELECT * FROM run WHERE active = 1")
        return try rows.map { row in
            let run = try Run(json: row.object)
            let memory: String = row["memory"]
            return RunRecord(
                run: run, project: row["project"],
                memory: RunMemory(json: (try? JSONValue(parsing: memory)) ?? [:]),
                attempt: row["attempt"], interruptions: row["interruptions"],
                steps: try Row.fetchAll(
                    self, sql: "SELECT json FROM step WHERE run = ? ORDER BY position",
                    arguments: [run.id]
                ).map { try RunStep(json: $0.object) },
                messages: try Row.fetchAll(
                    self,
                    sql: "SELECT json FROM message WHERE run = ? ORDER BY position",
                    arguments: [run.id]
                ).map { try Message(json: $0.object) })
        }
    }
}
