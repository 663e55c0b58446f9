import Assistants
import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder with what is in the files: one file each, under names of our own making.
///
/// A file is complete and on disk before it has its name, and has its name before its row is
/// written.
struct FileFolder: Sendable {
    /// The most bytes of one file.
    static let sizeLimit = 512 << 20
    private static let pieceSize = 1 << 16

    let directory: String
    private var folder: String { directory + "/files" }
    /// Where uploads are written before they are taken in.
    var uploads: String { directory + "/uploads" }

    func path(of name: String) -> String { folder + "/" + name }

    /// Makes the folders where they are missing.
    func create() throws(APIError) {
        for path in [folder, uploads] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw Self.failure("The folder for files cannot be made")
        }
    }

    /// Takes in what an upload names; returns how many bytes that is.
    ///
    /// Reading, writing and the wait for the disk block for as long as a file of half a gigabyte
    /// takes, so they keep a thread that is not the tasks' own.
    func take(_ upload: FileUpload, as name: String) async throws(APIError) -> Int {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let result: Result<Int, APIError>
                do throws(APIError) {
                    result = .success(try takeNow(upload, as: name))
                } catch {
                    result = .failure(error)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    private func takeNow(_ upload: FileUpload, as name: String) throws(APIError) -> Int {
        try create()
        // Without waiting for whoever writes into it, if it is a pipe.
        let source = open(upload.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard source >= 0 else { throw Self.failure("The uploaded file cannot be read") }
        defer { close(source) }
        var facts = stat()
        guard fstat(source, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw APIError.invalid("The upload is not a file.", param: "file")
        }
        if facts.st_size > Self.sizeLimit { throw Self.tooLarge(Int(facts.st_size)) }
        if upload.isTemporary {
            fchmod(source, 0o600)
            if fsync(source) == 0, rename(upload.path, path(of: name)) == 0 {
                try syncFolder()
                return Int(facts.st_size)
            }
        }
        let temporary = path(of: "." + name)
        let size = try copy(source, to: temporary)
        guard rename(temporary, path(of: name)) == 0 else {
            let failure = Self.failure("The file cannot be kept")
            unlink(temporary)
            throw failure
        }
        try syncFolder()
        if upload.isTemporary { unlink(upload.path) }
        return size
    }

    private func copy(_ source: Int32, to path: String) throws(APIError) -> Int {
        let target = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { throw Self.failure("The file cannot be kept") }
        do throws(APIError) {
            let size = try Self.copy(source, to: target)
            if fsync(target) != 0 { throw Self.failure("The file cannot be kept") }
            close(target)
            return size
        } catch {
            close(target)
            unlink(path)
            throw error
        }
    }

    private static func copy(_ source: Int32, to target: Int32) throws(APIError) -> Int {
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var size = 0
        while true {
            let count = read(source, &piece, piece.count)
            if count == 0 { return size }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("The uploaded file cannot be read")
            }
            size += count
            if size > sizeLimit { throw tooLarge(size) }
            var written = 0
            while written < count {
                let more = piece.withUnsafeBytes {
                    write(target, $0.baseAddress.map { $0 + written }, count - written)
                }
                if more < 0, errno != EINTR { throw failure("The file cannot be kept") }
                written += max(0, more)
            }
        }
    }

    /// The bytes of a file somewhere; 0 where it cannot be asked.
    static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }

    /// Whether a file somewhere is what a file of the folder is, byte for byte.
    @concurrent func holds(_ path: String, as name: String) async -> Bool {
        guard Self.size(of: path) == Self.size(of: self.path(of: name)) else { return false }
        do throws(APIError) {
            let (one, other) = (
                try FileReader(path: path), try FileReader(path: self.path(of: name))
            )
            while let piece = try await one.next() {
                if try await other.next() != piece { return false }
            }
            return true
        } catch {
            return false
        }
    }

    /// Has the names in the folder on disk, too.
    private func syncFolder() throws(APIError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("The file cannot be kept") }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw Self.failure("The file cannot be kept") }
    }

    /// Removes what is in a file; that it is gone already is no failure.
    func remove(_ name: String) { unlink(path(of: name)) }

    /// Removes what interrupted uploads left. A file that is complete stays even where no row
    /// names it: the store may have been put back from a copy.
    func sweep() {
        for name in Self.names(in: folder) where name.hasPrefix(".") { remove(name) }
        for name in Self.names(in: uploads) { unlink(uploads + "/" + name) }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func tooLarge(_ size: Int) -> APIError {
        APIError(
            status: 413, code: "file_too_large", param: "file",
            message: "The file has \(size) bytes; the most that is taken is \(sizeLimit) bytes "
                + "(512 MB).")
    }

    /// What the system said about the call before.
    static func failure(_ what: String) -> APIError {
        let code = errno
        return APIError(
            status: 500, code: code == ENOSPC ? "storage_full" : "storage_failed",
            message: "\(what): \(String(cString: strerror(code))).")
    }
}

/// Reads a file from its beginning; an actor, because the reader of an answer may move.
actor FileReader {
    private static let pieceSize = 1 << 16
    private let descriptor: Int32

    init(path: String) throws(APIError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw FileFolder.failure("The file cannot be read") }
    }

    deinit { close(descriptor) }

    /// The next piece, or nil at the end.
    func next() throws(APIError) -> [UInt8]? {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, filled in
            repeat {
                count = read(descriptor, buffer.baseAddress, Self.pieceSize)
            } while count < 0
                && errno == EINTR
            filled = max(0, count)
        }
        if count < 0 { throw FileFolder.failure("The file cannot be read") }
        return count == 0 ? nil : piece
    }
}
