import Glibc

/// The folder that a pool keeps its threads' folders in: one of its own beside those of others.
///
/// It is locked for as long as its pool lives. So what hosts left behind that were killed is known,
/// and removed by whoever makes the next one.
final class PoolFolder: Sendable {
    /// Where it is.
    let path: String
    private let descriptor: Int32

    /// Makes one in `parent`, which is made too where it is missing.
    /// - Throws: where it cannot be made, or `parent` is another user's or a link.
    init(in parent: String, mode: mode_t) throws(FolderError) {
        if mkdir(parent, mode) != 0, errno != EEXIST { throw .failed("made", code: errno) }
        var status = stat()
        // Where everybody may make folders, another user's may be there under this name.
        guard lstat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid()
        else { throw .failed("made", code: EPERM) }
        chmod(parent, mode)
        Self.tidy(parent)
        for number in 1...1000 {
            let path = "\(parent)/\(getpid())-\(number)"
            if mkdir(path, 0o700) == 0 {
                // Somebody who tidies may be quicker: then it is made again.
                if let locked = Self.lock(path) {
                    chmod(path, mode)
                    self.path = path
                    descriptor = locked
                    return
                }
            } else if errno != EEXIST {
                throw .failed("made", code: errno)
            }
        }
        throw .failed("made", code: EEXIST)
    }

    deinit { close(descriptor) }

    /// Removes it; what is in it was removed before.
    func remove() { rmdir(path) }

    /// Removes those that nobody holds.
    private static func tidy(_ parent: String) {
        for name in SharedFolder.names(at: parent) {
            let path = "\(parent)/\(name)"
            guard let locked = lock(path) else { continue }
            SharedFolder.removeAll(in: path)
            rmdir(path)
            close(locked)
        }
    }

    /// A descriptor that holds a folder; nil when somebody else holds it or it is gone.
    private static func lock(_ path: String) -> Int32? {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        var status = stat()
        if flock(folder, LOCK_EX | LOCK_NB) == 0, fstat(folder, &status) == 0, status.st_nlink > 0 {
            return folder
        }
        close(folder)
        return nil
    }
}
