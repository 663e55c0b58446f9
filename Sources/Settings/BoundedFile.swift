import Glibc

/// Reads files that a person wrote, and no more of them than such a file can sensibly hold.
enum BoundedFile {
    /// The longest file that is read, in bytes.
    static let limit = 64 * 1024

    /// The bytes of a file; nil where there is none.
    ///
    /// - Throws: A problem with the reason where the file cannot be read or is longer than `limit`.
    static func bytes(of path: String) throws(ConfigurationError) -> [UInt8]? {
        // Without blocking: opening a named pipe that nobody writes to would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, reason: reasonText())
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw failure(path, reason: reasonText()) }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    private static func reasonText() -> String {
        String(cString: strerror(errno))
    }

    private static func failure(_ path: String, reason: String) -> ConfigurationError {
        ConfigurationError([
            .init(
                file: path, message: "The file cannot be read: \(reason).",
                advice: "Make it a regular file that you may read, or remove it.")
        ])
    }
}
