#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes this process the host of a data directory for as long as it exists.
///
/// A class, because the lock belongs to one open file. The kernel lets go of it when the process
/// ends, in whatever way.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; throws `.hosted` with the holder's process id when another has it.
    init(directory: String) throws(EngineError) {
        let path = directory + "/" + Self.fileName
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EngineError(
                .unwritable,
                "The data directory \(directory) cannot be written. Change its permissions, or "
                    + "choose another with --data.",
                reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Closed by `deinit`, which runs here too: closed twice, it might be another's by then.
            throw Self.hosted(directory, by: Self.holder(of: descriptor))
        }
        writeHolder()
    }

    deinit { close(descriptor) }

    /// Lets go of the lock.
    func release() { flock(descriptor, LOCK_UN) }

    /// The name of the lock file in the data directory.
    static let fileName = "host.lock"

    private static func hosted(_ directory: String, by holder: Int?) -> EngineError {
        let process = holder.map { "process \($0)" } ?? "another process"
        return EngineError(
            .hosted(processID: holder),
            "The data directory \(directory) is in use by \(process). Use the Switchboard that is "
                + "open, close it first, or choose another directory with --data.")
    }

    private static func holder(of descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(
            String(decoding: bytes[..<count].prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }

    private func writeHolder() {
        // The number only serves a message, so a failure to write it is no failure of the lock.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }
}
