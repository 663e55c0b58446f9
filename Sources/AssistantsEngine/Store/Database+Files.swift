import Assistants
import FoundationEssentials
import GRDB
import Wire

/// A file and where its bytes are.
struct FileRow {
    var file: File
    var project: String
    /// Its name in the folder; nil where the bytes never came, as after some imports.
    var content: String?
    /// SHA-256 of the bytes, where it was told.
    var sum: [UInt8]?

    init(_ row: Row) throws {
        file = try File(json: row.object)
        project = row["project"]
        content = row["content"]
        sum = (row["sum"] as Data?).map { Array($0) }
    }
}

extension Database {
    func fileRow(_ id: File.ID, for caller: Caller, at now: Int) throws -> FileRow {
        let scope = caller.scope.and(Self.isThere(at: now)).and("id = ?", [id])
        let row = try Row.fetchOne(
            self, sql: "SELECT * FROM file\(scope.clause)", arguments: scope.arguments)
        guard let row else { throw APIError.noFile(id) }
        return try FileRow(row)
    }

    /// What holds for the files that have not expired.
    static func isThere(at now: Int) -> Condition {
        Condition("(expires_at IS NULL OR expires_at > ?)", [now])
    }

    func insert(_ file: File, project: String, content: String?, sum: [UInt8]?) throws {
        try execute(
            sql: """
                INSERT INTO file (id, project, created_at, purpose, expires_at, content, sum, json)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                file.id, project, file.createdAt, file.purpose, file.expiresAt, content,
                sum.map { Data($0) }, file.json.text,
            ])
    }

    /// Deletes a file; it leaves every store and every tool resource. Returns the name of its
    /// bytes, which can go once this is committed.
    func delete(_ row: FileRow) throws -> String? {
        let id = row.file.id
        let members = try Row.fetchAll(
            self, sql: "SELECT position, store FROM vector_store_file WHERE id = ?",
            arguments: [id])
        for member in members {
            try deletePassages(of: member["position"], in: member["store"])
        }
        try execute(sql: "DELETE FROM vector_store_file WHERE id = ?", arguments: [id])
        try execute(sql: "DELETE FROM file WHERE id = ?", arguments: [id])
        try removeFromToolResources(id, project: row.project)
        return row.content
    }

    private func removeFromToolResources(_ id: File.ID, project: String) throws {
        for table in ["assistant", "thread"] {
            let rows = try Row.fetchAll(
                self,
                sql: """
                    SELECT position, json FROM \(table)
                    WHERE project = ? AND instr(json, '"file_ids":["') > 0 AND instr(json, ?) > 0
                    """,
                arguments: [project, JSONValue.string(id).text])
            for row in rows {
                guard var object = try row.object.objectValue,
                    var resources = object["tool_resources"]?.objectValue,
                    var interpreter = resources["code_interpreter"]?.objectValue,
                    let files = interpreter["file_ids"]?.arrayValue
                else { continue }
                interpreter["file_ids"] = .array(files.filter { $0.stringValue != id })
                resources["code_interpreter"] = .object(interpreter)
                object["tool_resources"] = .object(resources)
                try execute(
                    sql: "UPDATE \(table) SET json = ? WHERE position = ?",
                    arguments: [JSONValue.object(object).text, row["position"] as Int64])
            }
        }
    }

    /// The files that have expired.
    func expiredFiles(at now: Int) throws -> [FileRow] {
        try Row.fetchAll(
            self, sql: "SELECT * FROM file WHERE expires_at <= ? LIMIT 1000", arguments: [now]
        ).map(FileRow.init)
    }
}

extension APIError {
    /// A file that is not there, in the words of the API.
    static func noFile(_ id: File.ID) -> APIError {
        APIError(status: 404, param: "id", message: "No such File object: \(id)")
    }
}
