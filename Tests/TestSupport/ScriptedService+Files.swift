package import Assistants
import Foundation
import Synchronization

// Files, kept in memory.
extension ScriptedService: FileService {
    package var uploadFolder: String? { nil }

    /// The files that were uploaded, oldest first.
    package var files: [File] { state.withLock { $0.files } }

    /// What was uploaded as a file.
    package func bytes(of id: File.ID) -> [UInt8]? { state.withLock { $0.contents[id] } }

    package func createFile(
        _ upload: FileUpload, for caller: Caller
    ) async throws(APIError) -> File {
        try note("createFile")
        let (id, time) = newID("file")
        guard let data = try? Data(contentsOf: URL(filePath: upload.path)) else {
            throw APIError(status: 400, message: "\(upload.filename) cannot be read.")
        }
        let bytes = [UInt8](data)
        let file = File(
            id: id, purpose: upload.purpose, filename: upload.filename, byteCount: bytes.count,
            createdAt: time)
        state.withLock {
            $0.files.append(file)
            $0.contents[id] = bytes
        }
        return file
    }

    package func file(_ id: File.ID, for caller: Caller) async throws(APIError) -> File {
        try note("file")
        return try found(state.withLock { $0.files.first { $0.id == id } }, "file", id)
    }

    package func files(
        _ page: PageRequest, purpose: String?, for caller: Caller
    ) async throws(APIError) -> Page<File> {
        try note("files")
        return state.withLock { state in
            state.files.filter { purpose == nil || $0.purpose == purpose }.page(page)
        }
    }

    package func deleteFile(_ id: File.ID, for caller: Caller) async throws(APIError) {
        try note("deleteFile")
        state.withLock { $0.files.removeAll { $0.id == id } }
    }

    package func fileContent(
        _ id: File.ID, for caller: Caller
    ) async throws(APIError) -> FileContent {
        let file = try await file(id, for: caller)
        let rest = Mutex([bytes(of: id) ?? []])
        return FileContent(of: file) { rest.withLock { $0.popLast() } }
    }
}
