package import Assistants
import AssistantsEngine

// Files of the engine, wherever it is.
extension SharedEngine: FileService {
    package var uploadFolder: String? { engine?.uploadFolder }

    package func createFile(
        _ upload: FileUpload, for caller: Caller
    ) async throws(APIError) -> File {
        try await write { (service) throws(APIError) in
            try await service.createFile(upload, for: caller)
        }
    }

    package func file(_ id: File.ID, for caller: Caller) async throws(APIError) -> File {
        try await read { (service) throws(APIError) in try await service.file(id, for: caller) }
    }

    package func files(
        _ page: PageRequest, purpose: String?, for caller: Caller
    ) async throws(APIError) -> Page<File> {
        try await read { (service) throws(APIError) in
            try await service.files(page, purpose: purpose, for: caller)
        }
    }

    package func deleteFile(_ id: File.ID, for caller: Caller) async throws(APIError) {
        try await write { (service) throws(APIError) in
            try await service.deleteFile(id, for: caller)
        }
    }

    package func fileContent(
        _ id: File.ID, for caller: Caller
    ) async throws(APIError) -> FileContent {
        try await read { (service) throws(APIError) in
            try await service.fileContent(id, for: caller)
        }
    }
}
