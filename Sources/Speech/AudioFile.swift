import Glibc
import Synchronization

/// A file that takes sound as it comes.
package final class AudioFile: AudioSink {
    private let path: String
    private let descriptor: Int32
    private let isClosed = Mutex(false)

    /// Creates or empties the file at a path; `-` is standard output.
    /// - Throws: `SpeechError` of kind `file`.
    package init(_ path: String) throws(SpeechError) {
        self.path = path
        descriptor =
            path == "-"
            ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
            : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw Self.error(path, errno) }
    }

    deinit { stop() }

    package func write(_ bytes: [UInt8]) async throws(SpeechError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Self.error(path, errno)
            }
        }
    }

    package func finish() async throws(SpeechError) {
        if let code = close(), code != 0 { throw Self.error(path, code) }
    }

    package func stop() { _ = close() }

    /// The error number of closing, 0 for none; nil when it was closed before.
    private func close() -> Int32? {
        isClosed.withLock { isClosed in
            if isClosed { return nil }
            isClosed = true
            return Glibc.close(descriptor) == 0 ? 0 : errno
        }
    }

    private static func error(_ path: String, _ code: Int32) -> SpeechError {
        let name = path == "-" ? "Standard output" : path
        return SpeechError(
            .file, "\(name) could not be written: \(String(cString: strerror(code))).")
    }
}
