import Glibc

/// A small file of ours that several consoles read and write.
///
/// Each change takes a lock, reads what is there, and puts a whole new file in its place, so that
/// no console erases another's and none ever sees half a file.
struct SharedFile: Sendable {
    let path: String

    /// The longest file that is read, in bytes.
    private static let limit = 256 << 20

    init(path: String) { self.path = path }

    /// What is in the file; nil where it is not there or cannot be read.
    func read() -> [UInt8]? { readAll(path, limit: Self.limit) }

    /// Whether nobody but its owner, who is us, can have written the file.
    var isOurs: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid == geteuid()
            && status.st_mode & (S_IWGRP | S_IWOTH) == 0
    }

    /// Changes the file while no other console does; it is on the disk when this returns.
    ///
    /// - Parameter change: Makes the new content of the old; nil leaves the file as it is.
    /// - Returns: What the system says, where it could not be done.
    func change(_ change: ([UInt8]?) -> [UInt8]?) -> String? {
        makeFolder()
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { return reason }
        defer { close(lock) }
        guard flock(lock, LOCK_EX) == 0 else { return reason }
        let before = read()
        if before == nil, access(path, F_OK) == 0 { return "it is there and cannot be read" }
        guard let bytes = change(before) else { return nil }
        let temporary = path + ".new"
        // Made anew, so that it has our rights and not those of something that was there.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return reason }
        let isWritten = writeAll(bytes, to: file) && fsync(file) == 0
        let problem = reason
        close(file)
        guard isWritten else { return problem }
        guard rename(temporary, path) == 0 else { return reason }
        // The new name too must outlive a machine that goes down now.
        let folder = open(self.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return nil
    }

    /// Gives the file another name.
    func putAside() { _ = rename(path, path + ".damaged") }

    private var reason: String { String(cString: strerror(errno)) }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func makeFolder() {
        guard let slash = path.lastIndex(of: "/") else { return }
        var folder = ""
        for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
            folder += folder.isEmpty && part.isEmpty ? "" : (folder == "/" ? "" : "/")
            folder += part
            if !folder.isEmpty { mkdir(folder, 0o700) }
        }
    }
}
