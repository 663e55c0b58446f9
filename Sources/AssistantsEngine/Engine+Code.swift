import Assistants
import FoundationEssentials
import GRDB
import Wire

// The code interpreter of a run: the files it finds, and those it makes.

extension Engine {
    /// Starts code for a run.
    func runCode(
        _ call: CodeCall, for run: Run
    ) async throws(APIError) -> AsyncStream<InterpreterEvent> {
        let inputs = try await codeInputs(of: run)
        let hasHistory = try await store.read { try $0.hasRunCode(in: run.threadID) }
        return await interpreter.run(
            CodeRun(
                thread: run.threadID, code: call.code, inputs: inputs, hasHistory: hasHistory))
    }

    /// The files of earlier code that a run finds; none where it can run no code.
    func codeFiles(of run: Run) async -> [String] {
        guard run.tools.contains(.codeInterpreter) else { return [] }
        return await interpreter.files(of: run.threadID, with: [])
    }

    /// The files that the assistant and the thread give to the code interpreter. One that is gone,
    /// or was imported without its content, is left out.
    func codeInputs(of run: Run) async throws(APIError) -> [CodeRun.Input] {
        let now = clock.seconds
        return try await store.read { [files] db in
            let thread = try db.threadRow(run.threadID, for: .trusted)
            var ids: [File.ID] = []
            for id in run.toolResources.codeFileIDs + thread.thread.toolResources.codeFileIDs
            where !ids.contains(id) {
                ids.append(id)
            }
            return ids.compactMap { id in
                guard
                    let row = try? db.fileRow(id, for: .project(thread.project), at: now),
                    let content = row.content
                else { return nil }
                return CodeRun.Input(
                    id: id, name: row.file.filename, path: files.path(of: content))
            }
        }
    }

    /// Keeps a picture that code drew.
    func keep(picture: [UInt8], for run: Run) async throws(APIError) -> File.ID {
        let id = newID("file")
        try await keep(id, named: "\(id).png", for: run) { path throws(APIError) in
            do {
                try Data(picture).write(to: URL(filePath: path))
            } catch {
                throw APIError(
                    status: 500, code: "storage_failed",
                    message: "The picture could not be kept: \(error)")
            }
        }
        return id
    }

    /// Keeps a file that code made and a message names.
    func keep(_ file: KeptFile, for run: Run) async throws(APIError) {
        let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
        try await keep(file.id, named: name, for: run) { [interpreter] path throws(APIError) in
            do throws(InterpreterError) {
                try await interpreter.copy(file.name, of: run.threadID, to: path)
            } catch {
                throw .invalid(error.description)
            }
        }
    }

    /// Keeps what `write` writes to the path it is given, as a file of the thread's project.
    private func keep(
        _ id: File.ID, named name: String, for run: Run,
        write: (String) async throws(APIError) -> Void
    ) async throws(APIError) {
        let project = try await store.read { db in
            try db.threadRow(run.threadID, for: .trusted).project
        }
        try files.create()
        let path = files.uploads + "/" + id
        try await write(path)
        let upload = FileUpload(
            path: path, filename: name, purpose: "assistants_output", isTemporary: true)
        _ = try await keep(upload, as: id, project: project)
    }
}

extension Database {
    /// Whether a thread has run code, but for the step that is going on.
    fileprivate func hasRunCode(in thread: Assistants.Thread.ID) throws -> Bool {
        let sql = """
            SELECT EXISTS (
                SELECT 1 FROM step, json_each(step.json, '$.step_details.tool_calls') AS call
                WHERE step.run IN (SELECT id FROM run WHERE thread = ?)
                    AND json_extract(step.json, '$.status') <> 'in_progress'
                    AND json_extract(call.value, '$.code_interpreter.input') <> '')
            """
        return try Bool.fetchOne(self, sql: sql, arguments: [thread]) == true
    }
}

extension JSONObject {
    /// The files that tool resources give to the code interpreter.
    fileprivate var codeFileIDs: [File.ID] {
        self["code_interpreter"]?["file_ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
