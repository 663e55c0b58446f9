package import Assistants
import FoundationEssentials
import Transport
import Wire

// Files.
extension RemoteAPI {
    package var uploadFolder: String? { nil }

    package func createFile(
        _ upload: FileUpload, for caller: Caller
    ) async throws(APIError) -> File {
        let content: [UInt8]
        do {
            content = try [UInt8](Data(contentsOf: URL(filePath: upload.path)))
        } catch {
            throw .invalid(
                "The file \(upload.path) cannot be read. Check its name and its permissions.",
                param: "file")
        }
        return try await createFile(
            content, filename: upload.filename, purpose: upload.purpose,
            expiresAfter: upload.expiresAfter)
    }

    /// Uploads bytes as a file.
    ///
    /// - Parameter expiresAfter: In seconds; nil for never.
    package func createFile(
        _ content: [UInt8], filename: String, purpose: String, expiresAfter: Int?
    ) async throws(APIError) -> File {
        var form = MultipartForm()
        form.add("purpose", purpose)
        if let expiresAfter {
            form.add("expires_after[anchor]", "created_at")
            form.add("expires_after[seconds]", "\(expiresAfter)")
        }
        form.add("file", filename: filename, content)
        form.finish()
        var request = connection.request("POST", "/files")
        request.headers += [("Content-Type", form.contentType), RemoteConnection.newKey]
        request.body = form.bytes
        return try await File(json: connection.answer(to: request).json)
    }

    package func file(_ id: File.ID, for caller: Caller) async throws(APIError) -> File {
        try await File(json: get("/files/\(id.percentEncoded)"))
    }

    package func files(
        _ page: PageRequest, purpose: String?, for caller: Caller
    ) async throws(APIError) -> Page<File> {
        try await connection.page(
            "/files", page, purpose.map { [("purpose", $0)] } ?? [], File.init(json:))
    }

    package func deleteFile(_ id: File.ID, for caller: Caller) async throws(APIError) {
        try await connection.delete("/files/\(id.percentEncoded)")
    }

    package func fileContent(
        _ id: File.ID, for caller: Caller
    ) async throws(APIError) -> FileContent {
        let file = try await file(id, for: caller)
        let body = try await connection.open("/files/\(id.percentEncoded)/content", [])
        return FileContent(of: file) {
            var iterator = body.makeAsyncIterator()
            do throws(TransportError) {
                return try await iterator.next()
            } catch {
                throw APIError(error)
            }
        }
    }
}
