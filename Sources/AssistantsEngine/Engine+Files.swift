package import Assistants
import GRDB
import Wire

extension Engine: FileService {
    package var uploadFolder: String? {
        // Made when an upload is taken in, too: a failure is told there.
        try? files.create()
        return files.uploads
    }

    package func createFile(
        _ upload: FileUpload, for caller: Caller
    ) async throws(APIError) -> File {
        try RequestChecks.upload(upload, by: caller)
        await removeExpiredFiles()
        return try await keep(upload, as: newID("file"), project: caller.project)
    }

    /// Takes a file in under an id.
    func keep(
        _ upload: FileUpload, as id: File.ID, project: Project.ID
    ) async throws(APIError) -> File {
        let (name, now) = (newID("content"), clock.seconds)
        let size = try await files.take(upload, as: name)
        let file = File(
            id: id, purpose: upload.purpose, filename: upload.filename,
            byteCount: size, createdAt: now, expiresAt: upload.expiresAfter.map { now + $0 })
        do throws(APIError) {
            try await store.write { db in
                try db.insert(file, project: project, content: name, sum: upload.sum)
            }
        } catch {
            files.remove(name)
            throw error
        }
        return file
    }

    package func file(_ id: File.ID, for caller: Caller) async throws(APIError) -> File {
        let now = clock.seconds
        return try await store.read { try $0.fileRow(id, for: caller, at: now).file }
    }

    package func files(
        _ page: PageRequest, purpose: String?, for caller: Caller
    ) async throws(APIError) -> Page<File> {
        var condition = caller.scope.and(Database.isThere(at: clock.seconds))
        if let purpose { condition = condition.and("purpose = ?", [purpose]) }
        let query = PageQuery(
            table: "file", order: ["created_at", "position"], condition: condition,
            most: 10_000)
        return try await store.read { db in
            try query.page(page, in: db) { try File(json: $0.object) }
        }
    }

    package func deleteFile(_ id: File.ID, for caller: Caller) async throws(APIError) {
        let now = clock.seconds
        let content = try await store.write { db in
            try db.delete(try db.fileRow(id, for: caller, at: now))
        }
        if let content { files.remove(content) }
    }

    package func fileContent(
        _ id: File.ID, for caller: Caller
    ) async throws(APIError) -> FileContent {
        let now = clock.seconds
        let row = try await store.read { try $0.fileRow(id, for: caller, at: now) }
        guard let content = row.content else {
            throw APIError(
                status: 404, param: "id",
                message: "The file \(id) was imported without its content.")
        }
        let reader = try FileReader(path: files.path(of: content))
        return FileContent(of: row.file) { try await reader.next() }
    }

    /// Deletes what has expired; what cannot be deleted now is tried again with the next file.
    func removeExpiredFiles() async {
        let now = clock.seconds
        guard let some = try? await store.read({ try !$0.expiredFiles(at: now).isEmpty }), some
        else { return }
        let contents = try? await store.write { db in
            try db.expiredFiles(at: now).compactMap { try db.delete($0) }
        }
        for content in contents ?? [] { files.remove(content) }
    }

    /// Removes what interrupted uploads left, and what has expired.
    func sweepFiles() async {
        files.sweep()
        await removeExpiredFiles()
        let now = clock.seconds
        // What cannot be written now is dropped at the next start.
        _ = try? await store.write { try $0.dropExpiredPassages(at: now) }
    }
}
