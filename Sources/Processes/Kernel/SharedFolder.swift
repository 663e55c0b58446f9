import Glibc
import Synchronization

/// The folder that a sandbox sees as `/mnt/data`.
///
/// The code in there does with it what it likes, also while we read: links are never followed, and
/// nothing but plain files comes out. A class, because it owns a descriptor.
package final class SharedFolder: Sendable {
    /// Where it is on the host.
    package let path: String
    /// The user of the host who owns what is in it; nil for ours.
    private let user: UInt32?
    let descriptor: Int32
    /// What was put in once, by what it is, and the names that it got.
    private let known = Mutex<[String: String]>([:])

    /// Makes a folder that nobody else can look into.
    /// - Throws: when it is there already or cannot be made.
    init(at path: String, user: UInt32?) throws(FolderError) {
        self.path = path
        self.user = user
        guard mkdir(path, 0o700) == 0 else { throw .failed("made", code: errno) }
        if let user, chown(path, user, user) != 0 { throw .failed("given away", code: errno) }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed("opened", code: errno) }
    }

    deinit { close(descriptor) }

    /// The name of what was put in before.
    func name(of key: String) -> String? { known.withLock { $0[key] } }

    /// Nothing was put in any more.
    func forgetNames() { known.withLock { $0 = [:] } }

    /// Puts a file in, under a name like the given one; the name that it got.
    ///
    /// `key` says what it is: what was put in before is not put in again, whatever became of it.
    /// `next` gives its pieces, and nil after the last.
    /// - Throws: what `next` throws, and `FolderError`. Nothing of the file is left then.
    package func put(
        _ key: String, named name: String, _ next: () async throws -> [UInt8]?
    ) async throws -> String {
        if let known = self.name(of: key) { return known }
        let (file, name) = try create(name)
        defer { close(file) }
        do {
            if let user, fchown(file, user, user) != 0 {
                throw FolderError.failed("given away", code: errno)
            }
            while let bytes = try await next() { try Self.write(bytes, to: file) }
        } catch {
            unlinkat(descriptor, name, 0)
            throw error
        }
        known.withLock { $0[key] = name }
        return name
    }

    /// The bytes of a file, by its path from the folder.
    /// - Throws: when the path leads over a link, to anything but a file, or to one that is larger
    ///   than `limit`; and, before more is read, when it does not begin with what it should.
    package func contents(
        of path: String, limit: Int, beginning: [UInt8] = []
    ) throws(FolderError) -> [UInt8] {
        let file = try openFile(path, limit: limit)
        defer { close(file) }
        var bytes: [UInt8] = []
        var isExpected = beginning.isEmpty
        try Self.read(file, limit) { piece throws(FolderError) in
            isExpected = isExpected || piece.starts(with: beginning)
            guard isExpected else { throw .unexpected }
            bytes += piece
        }
        if isExpected { return bytes }
        throw .unexpected
    }

    private func openFile(_ path: String, limit: Int) throws(FolderError) -> Int32 {
        guard FileName.isClean(path) else { throw .unfitName }
        let parts = FileName.components(path).map(String.init)
        let folder = try openParent(parts)
        defer { close(folder) }
        // A pipe must not make us wait for its other end.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let file = openat(folder, parts.last ?? "", flags)
        guard file >= 0 else { throw .failed("read", code: errno) }
        var status = stat()
        var problem: FolderError?
        if fstat(file, &status) != 0 {
            problem = .failed("read", code: errno)
        } else if status.st_mode & S_IFMT != S_IFREG {
            problem = .notAFile
        } else if status.st_size > limit {
            problem = .tooLarge(limit)
        }
        guard let problem else { return file }
        close(file)
        throw problem
    }

    /// The folder that a path's last part is in, without going over a link.
    private func openParent(_ parts: [String]) throws(FolderError) -> Int32 {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var folder = openat(descriptor, ".", flags)
        for part in parts.dropLast() where folder >= 0 {
            let next = openat(folder, part, flags)
            let code = errno
            close(folder)
            folder = next
            errno = code
        }
        guard folder >= 0 else { throw .failed("read", code: errno) }
        return folder
    }

    /// Copies a file, by its path from the folder, to a new one on the host.
    ///
    /// What is a hole in it stays one, so that the copy takes no more than the code had.
    /// - Throws: what `contents` throws, and when the new file is there already or less than
    ///   `keeping` bytes would be left on its disk.
    package func copy(
        _ path: String, to target: String, limit: Int, keeping: Int = 0
    ) throws(FolderError) {
        let source = try openFile(path, limit: limit)
        defer { close(source) }
        let copy = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw .failed("written", code: errno) }
        defer { close(copy) }
        do throws(FolderError) {
            var size = 0
            try Self.requireSpace(keeping, on: copy)
            try Self.read(source, limit) { bytes throws(FolderError) in
                size += bytes.count
                if bytes.allSatisfy({ $0 == 0 }) {
                    lseek(copy, off_t(size), SEEK_SET)
                } else {
                    try Self.requireSpace(keeping, on: copy)
                    try Self.write(bytes, to: copy)
                }
            }
            if ftruncate(copy, off_t(size)) != 0 { throw .failed("written", code: errno) }
        } catch {
            unlink(target)
            throw error
        }
    }

    private static func requireSpace(_ bytes: Int, on file: Int32) throws(FolderError) {
        guard let free = freeBytes(file) else { throw .failed("written", code: errno) }
        if free < bytes { throw .diskFull }
    }

    /// What is left on the disk of a file, such that it can be reckoned with.
    static func freeBytes(_ file: Int32) -> Int? {
        var status = statvfs()
        guard fstatvfs(file, &status) == 0 else { return nil }
        let free = status.f_bavail.multipliedReportingOverflow(by: status.f_frsize)
        return min(Int.max / 4, Int(clamping: free.partialValue))
    }

    /// Removes a file; of a link the link.
    func removeFile(_ path: String) {
        let parts = FileName.components(path).map(String.init)
        guard FileName.isClean(path), let folder = try? openParent(parts) else { return }
        unlinkat(folder, parts.last ?? "", 0)
        close(folder)
    }

    private func create(_ name: String) throws(FolderError) -> (Int32, String) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        for unique in FileName.attempts(name) {
            let file = openat(descriptor, unique, flags, 0o600)
            if file >= 0 { return (file, unique) }
            guard errno == EEXIST else { throw .failed("written", code: errno) }
        }
        throw .failed("written", code: EEXIST)
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws(FolderError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .failed("written", code: errno) }
            written += count
        }
    }

    private static func read(
        _ file: Int32, _ limit: Int, _ take: ([UInt8]) throws(FolderError) -> Void
    ) throws(FolderError) {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        var left = limit
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .failed("read", code: errno) }
            if count == 0 { return }
            // It may have grown since.
            left -= count
            guard left >= 0 else { throw .tooLarge(limit) }
            try take(Array(piece[..<count]))
        }
    }
}

/// Why a file does not get into a shared folder or out of it.
package enum FolderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused; what was attempted, and the error number.
    case failed(String, code: Int32)
    /// The name has in it what cannot be seen, or leads elsewhere.
    case unfitName
    /// It is a folder, a device or a pipe.
    case notAFile
    /// It is of another kind than it should be.
    case unexpected
    /// There would be too little left on the disk.
    case diskFull
    /// It has more bytes than this.
    case tooLarge(Int)

    /// A sentence.
    package var description: String {
        switch self {
        case .failed(let verb, let code): "The file could not be \(verb): \(reason(code))."
        case .unfitName: "The file's name cannot be used outside of the sandbox."
        case .notAFile: "It is not a file."
        case .diskFull: "The disk is nearly full."
        case .unexpected: "The file is of another kind."
        case .tooLarge(let limit): "The file has more than \(limit >> 20) MiB."
        }
    }
}
