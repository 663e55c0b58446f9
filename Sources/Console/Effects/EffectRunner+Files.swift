import Assistants
import Dispatch

// Effects about files of this machine, and of the service.
extension EffectRunner {
    /// Why a message with files could not be sent.
    struct FileProblem: Error {
        /// A sentence.
        var message: String
    }

    /// Reads a folder.
    func listFolder(_ typed: String) async {
        post(.folder(typed, await Self.offTasks { FolderListing.read(typed) }))
    }

    /// Looks at a file that is to be attached.
    func examine(_ path: [UInt8], for id: Assistants.Thread.ID) async {
        post(.examined(path, for: id, await Self.open(path).map(\.facts)))
    }

    private static func open(_ path: [UInt8]) async -> Result<LocalFile, LocalFile.Problem> {
        await offTasks {
            do throws(LocalFile.Problem) {
                return .success(try LocalFile(path: path))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Uploads the files of a message that are not uploaded yet; tells of each.
    func upload(_ sending: Sending) async throws(FileProblem) -> [SentFile] {
        if sending.files.isEmpty { return [] }
        guard let service = service as? any FileService else {
            throw FileProblem(message: "This server takes no files.")
        }
        // Looked at first: none is uploaded where one cannot be.
        var opened: [LocalFile?] = []
        for file in sending.files { opened.append(try await open(file, sending)) }
        var sent: [SentFile] = []
        for (place, file) in sending.files.enumerated() {
            guard let local = opened[place] else {
                let isPicture = file.facts?.isPicture ?? false
                if let id = file.fileID { sent.append(SentFile(id: id, isPicture: isPicture)) }
                continue
            }
            do throws(APIError) {
                let uploaded = try await local.upload(to: service)
                post(.uploaded(uploaded, local.facts, number: sending.number, place: place))
                sent.append(SentFile(id: uploaded.id, isPicture: local.facts.isPicture))
            } catch {
                throw FileProblem(
                    message: "\(local.name) could not be uploaded: \(error.message)")
            }
        }
        return sent
    }

    /// Opens a file; nil where it was uploaded as it is.
    private func open(
        _ file: AttachedFile, _ sending: Sending
    ) async throws(FileProblem) -> LocalFile? {
        let local: LocalFile
        do throws(LocalFile.Problem) {
            local = try await Self.open(file.path).get()
        } catch {
            if file.fileID != nil { return nil }
            throw FileProblem(message: error.message)
        }
        if file.fileID != nil, file.facts == local.facts { return nil }
        if !local.facts.isPicture, sending.fileTools.isEmpty {
            throw FileProblem(
                message: "Who answers neither runs code nor searches files, so \(local.name) is "
                    + "of no use.")
        }
        return local
    }

    /// Reads what is known of files; those that are gone are left out.
    func loadFiles(_ ids: [File.ID]) async {
        guard let service = service as? any FileService else { return }
        var found: [File] = []
        for id in ids {
            // A file may be deleted while its message is still there.
            if let file = try? await service.file(id, for: .trusted) { found.append(file) }
        }
        if !found.isEmpty { post(.files(found)) }
    }

    /// Does what may block for as long as a file system does (a folder may be on another
    /// machine), on a thread that is not the tasks' own.
    private static func offTasks<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
