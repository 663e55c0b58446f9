import Glibc
import Synchronization
import TextLayout
import Wire

/// Standard output and standard error, without a buffer that a crash would lose.
enum Output {
    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// What is done when nobody reads standard output any more, as in `… | head -1`: the program
    /// ends, quietly, unless a command has something to finish first.
    static let whenUnread = Mutex<@Sendable () -> Void>({ exit(0) })

    /// Writes text that this program made itself.
    static func text(_ text: String) { bytes(Array(text.utf8)) }

    /// Writes text from elsewhere, with everything a terminal would obey made harmless.
    static func content(_ content: String) { text(content.printable) }

    /// Writes JSON, with everything a terminal would obey escaped.
    static func json(_ json: JSONValue, isPretty: Bool = false) {
        bytes((isPretty ? json.prettyText : json.text).escapedForTerminal + [UInt8(ascii: "\n")])
    }

    /// Writes bytes as they are.
    static func bytes(_ bytes: [UInt8]) {
        switch write(bytes, to: STDOUT_FILENO) {
        case 0: return
        case EPIPE: whenUnread.withLock { $0 }()
        case let code:
            error("Standard output could not be written: \(reason(code)).")
            exit(1)
        }
    }

    /// Writes a line to standard error, made harmless.
    static func error(_ message: String) {
        _ = write(Array((message.printable + "\n").utf8), to: STDERR_FILENO)
    }

    /// What the system says about an error number.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// Writes everything; returns the error number where that could not be done, else 0.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Glibc.poll(&poll, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

extension String {
    /// JSON text in which every scalar that a terminal could obey is escaped.
    var escapedForTerminal: [UInt8] {
        if utf8.allSatisfy({ $0 < 0x7F }) { return Array(utf8) }
        var bytes: [UInt8] = []
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
                0xFFF9...0xFFFB, 0xE0000...0xE007F:
                for unit in UTF16.encode(scalar) ?? .init() { bytes += unit.escaped }
            default: bytes += UTF8.encode(scalar) ?? .init()
            }
        }
        return bytes
    }
}

extension UInt16 {
    /// The unit as JSON escapes it.
    fileprivate var escaped: [UInt8] {
        let digits = String(self, radix: 16)
        return Array("\\u".utf8)
            + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count) + digits.utf8
    }
}
