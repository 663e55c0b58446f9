import Assistants
import Glibc
import Processes

/// Files of the service, written where the person can use them: never over another, never with a
/// name that could do harm, never executable.
enum SavedFile {
    /// Kinds of files that programs only show. Others are opened as text: what could be run, or
    /// could run something, is not handed to a program that may do so.
    private static let shownKinds: Set<String> = [
        "png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "pdf", "csv", "tsv", "txt", "md",
        "json", "log", "yaml", "yml", "wav", "mp3", "ogg", "flac", "mp4", "webm", "xlsx",
        "ods", "docx", "odt", "pptx", "odp", "zip", "parquet",
    ]
    /// Names that are tried before it is given up.
    private static let tries = 1_000

    /// Saves a file in the working directory, or in `~/Downloads` where that cannot be written.
    /// - Returns: the path.
    static func save(_ content: FileContent) async throws(APIError) -> String {
        var folders: [String] = []
        if let here = getcwd(nil, 0) {
            folders.append(String(cString: here))
            free(here)
        }
        if let home = getenv("HOME").map({ String(cString: $0) }), !home.isEmpty {
            folders.append(home + "/Downloads")
        }
        return try await save(content, in: folders)
    }

    /// Saves a file in the first folder that takes it.
    static func save(
        _ content: FileContent, in folders: [String]
    ) async throws(APIError) -> String {
        let name = harmless(content.file.filename)
        for folder in folders where access(folder, W_OK) == 0 {
            return try await write(content, to: folder, name)
        }
        throw APIError(
            status: 500, message: "Neither this folder nor ~/Downloads can be written.")
    }

    /// A name without folders, nothing hidden, and nothing that looks like an option.
    static func harmless(_ name: String) -> String {
        let safe = FileName.safe(name)
        return safe.hasPrefix(".") || safe.hasPrefix("-") ? "file\(safe)" : safe
    }

    /// A name whose kind is one that is only shown.
    static func shown(_ name: String) -> String {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let kind = parts.count > 1 ? (parts.last ?? "").lowercased() : ""
        return shownKinds.contains(kind) ? name : name + ".txt"
    }

    /// What opens files: the configuration's command, or the system's.
    static func opener(_ configured: String?) -> [String]? {
        for candidate in [configured, "xdg-open"].compactMap(\.self) {
            let words = candidate.split(separator: " ").map(String.init)
            if let name = words.first, Launch.path(of: name) != nil { return words }
        }
        return nil
    }

    static func write(
        _ content: FileContent, to folder: String, _ name: String
    ) async throws(APIError) -> String {
        for name in FileName.attempts(name).prefix(tries) {
            let path = folder + "/" + name
            let descriptor = open(
                path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw failure(path) }
            do throws(APIError) {
                defer { close(descriptor) }
                try await write(content, to: descriptor, path)
            } catch {
                unlink(path)
                throw error
            }
            return path
        }
        throw APIError(status: 500, message: "There are too many files called \(name).")
    }

    private static func write(
        _ content: FileContent, to descriptor: Int32, _ path: String
    ) async throws(APIError) {
        do {
            for try await piece in content {
                guard writeAll(piece, to: descriptor) else { throw failure(path) }
            }
        } catch {
            throw .reading(error)
        }
    }

    private static func failure(_ path: String) -> APIError {
        APIError(
            status: 500,
            message: "\(path) could not be written: \(String(cString: strerror(errno))).")
    }
}
