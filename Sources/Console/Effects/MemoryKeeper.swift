import Glibc
import Synchronization

/// Keeps the console's memory in a file that several consoles share.
///
/// Each write takes a lock, reads what is there, makes the changes and puts a whole new file in
/// its place, so that no console erases another's and none ever sees half a file. A class, because
/// the terminal's thread and the runner's task share it.
final class MemoryKeeper: Sendable {
    private struct Shared {
        var pending = MemoryChange()
        var failed = false
    }

    private let path: String
    private let shared = Mutex(Shared())

    /// The longest file that is read, in bytes.
    private static let limit = 256 << 20

    init(path: String) { self.path = path }

    /// What was remembered; a memory of nothing where there is no file or it cannot be understood.
    func read(wall: Int) -> Memory {
        if let bytes = readAll(path, limit: Self.limit), let memory = Memory(bytes: bytes) {
            return memory
        }
        var memory = Memory()
        memory.since = wall
        return memory
    }

    /// Adds a change to be written.
    func note(_ change: MemoryChange) { shared.withLock { $0.pending.merge(change) } }

    /// Writes what is pending; what went wrong in a sentence, once.
    @discardableResult
    func flush() -> String? {
        shared.withLock { shared in
            guard !shared.pending.isEmpty else { return nil }
            // Held while writing: two threads must not write in the wrong order.
            if write(shared.pending) {
                shared.pending = MemoryChange()
                shared.failed = false
                return nil
            }
            defer { shared.failed = true }
            return shared.failed
                ? nil
                : "Drafts cannot be kept: \(path) cannot be written "
                    + "(\(String(cString: strerror(errno))))."
        }
    }

    private func write(_ change: MemoryChange) -> Bool {
        makeFolder()
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { return false }
        defer { close(lock) }
        guard flock(lock, LOCK_EX) == 0 else { return false }
        var memory = read(wall: WallClock.now)
        change.apply(to: &memory)
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = writeAll(memory.bytes, to: file) && fsync(file) == 0
        close(file)
        return isWritten && rename(temporary, path) == 0
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
