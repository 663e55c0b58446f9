import Glibc
import Synchronization

/// A file that takes sound as it comes.
///
/// A class, because it owns a descriptor. Nothing of it blocks: whoever reads a pipe may take as
/// long as they like, and a stop is heard meanwhile.
package final class AudioFile: AudioSink {
    private let path: String
    private let descriptor: Int32
    private let state = Mutex((isStopped: false, isClosed: false))

    /// So many bytes a pipe that has room takes without blocking (POSIX's `PIPE_BUF`).
    private static let pieceSize = 4096
    /// How long to wait before a pipe without room is looked at again.
    private static let interval = Duration.milliseconds(10)

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

    deinit { _ = close() }

    package func write(_ bytes: [UInt8]) async throws(SpeechError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if Task.isCancelled || state.withLock({ $0.isStopped }) { throw .stopped }
            guard hasRoom else {
                // Woken early only by a stop, which the next turn sees.
                try? await Task.sleep(for: Self.interval)
                continue
            }
            let count = rest.prefix(Self.pieceSize).withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                throw Self.error(path, errno)
            }
        }
    }

    package func finish() async throws(SpeechError) {
        if let code = close(), code != 0 { throw Self.error(path, code) }
    }

    package func stop() { state.withLock { $0.isStopped = true } }

    /// Whether a write would not block.
    private var hasRoom: Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, 0) > 0
    }

    /// The error number of closing, 0 for none; nil when it was closed before.
    private func close() -> Int32? {
        state.withLock { state in
            if state.isClosed { return nil }
            state.isClosed = true
            return Glibc.close(descriptor) == 0 ? 0 : errno
        }
    }

    private static func error(_ path: String, _ code: Int32) -> SpeechError {
        let name = path == "-" ? "Standard output" : path
        return SpeechError(
            .file, "\(name) could not be written: \(String(cString: strerror(code))).")
    }
}
