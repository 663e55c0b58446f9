import Assistants
import GRDB
import Wire

// How objects become rows and rows become objects. An object that is not there, or belongs to
// another project, is an `APIError`.

extension Database {
    func assistant(_ id: Assistant.ID, for caller: Caller) throws -> Assistant {
        let row = try row("assistant", id, caller.scope, called: "assistant")
        return try Assistant(json: row.object)
    }

    func insert(_ assistant: Assistant, project: String) throws {
        try execute(
            sql: "INSERT INTO assistant (id, project, created_at, json) VALUES (?, ?, ?, ?)",
            arguments: [assistant.id, project, assistant.createdAt, assistant.json.text])
    }

    func update(_ assistant: Assistant) throws {
        try execute(
            sql: "UPDATE assistant SET json = ? WHERE id = ?",
            arguments: [assistant.json.text, assistant.id])
    }

    func run(_ id: Run.ID, on thread: Thread.ID, for caller: Caller) throws -> Run {
        let scope = caller.scope.and("thread = ?", [thread])
        return try Run(json: row("run", id, scope, called: "run").object)
    }

    func step(
        _ id: RunStep.ID, of run: Run.ID, on thread: Thread.ID, for caller: Caller
    ) throws -> RunStep {
        let scope = caller.scope.and("thread = ? AND run = ?", [thread, run])
        return try RunStep(json: row("step", id, scope, called: "run step").object)
    }

    func message(_ id: Message.ID, in thread: Thread.ID, for caller: Caller) throws -> Message {
        let scope = caller.scope.and("thread = ?", [thread])
        return try Message(json: row("message", id, scope, called: "message").object)
    }

    /// The row of an object, or the API's way of saying that there is none.
    func row(
        _ table: String, _ id: String, _ scope: Condition, called kind: String
    ) throws -> Row {
        let condition = scope.and("id = ?", [id])
        let statement = try cachedStatement(sql: "SELECT * FROM \(table)\(condition.clause)")
        let row = try Row.fetchOne(statement, arguments: condition.arguments)
        guard let row else { throw APIError.notFound(kind, id) }
        return row
    }
}

extension Database {
    /// Executes a statement that each connection prepares once: for those that come often.
    func executePrepared(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension Row {
    /// The object that the row keeps.
    var object: JSONValue {
        get throws {
            let text: String = self["json"]
            do {
                return try JSONValue(parsing: text)
            } catch {
                throw APIError(
                    status: 500, code: "storage_failed",
                    message: "An object in the store cannot be read: \(error).")
            }
        }
    }
}
