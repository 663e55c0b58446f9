import Glibc
import Wire

/// A client that sends bytes as they are and reads what comes back, for what no library sends.
///
/// Blocks its thread: tests call it from a thread of their own.
struct RawClient: ~Copyable {
    /// An answer, taken apart.
    struct Answer: Sendable {
        var status: Int
        var head: String
        var body: [UInt8]

        /// The body as JSON; nil when it is none.
        var json: JSONValue? { try? JSONValue(parsing: body) }

        /// A header field; nil where there is none.
        func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                if line[..<colon].lowercased() == name.lowercased() {
                    return String(line[line.index(after: colon)...].drop { $0 == " " })
                }
            }
            return nil
        }
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []

    /// Connects to a port of this machine.
    init(port: Int) throws {
        descriptor = try Self.connect(port: port)
        // A server that says nothing must not hang the test.
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    /// A new connection to a port of this machine.
    static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, length)
            }
        }
        if result != 0 { throw Failure.connect }
        return descriptor
    }

    deinit { close(descriptor) }

    enum Failure: Error { case connect, closed }

    /// Makes the kernel keep only so many unread bytes.
    func shrinkBuffer(to bytes: Int32) {
        var bytes = bytes
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends bytes; false when the server closed the connection meanwhile.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends text.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Says that nothing more will be sent.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads up to and with a text; nil when the connection ends before it.
    mutating func read(until text: String) -> [UInt8]? {
        let end = Array(text.utf8)
        while true {
            if let range = unread.firstRange(of: end) {
                defer { unread.removeFirst(range.upperBound) }
                return Array(unread[..<range.upperBound])
            }
            if !fill() { return nil }
        }
    }

    /// Reads an answer that says how long it is; nil when the connection ends before it.
    mutating func answer() -> Answer? {
        guard let bytes = read(until: "\r\n\r\n") else { return nil }
        let head = String(decoding: bytes, as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var answer = Answer(status: status, head: head, body: [])
        let length = answer.header("content-length").flatMap { Int($0) } ?? 0
        while unread.count < length {
            if !fill() { return nil }
        }
        answer.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return answer
    }

    /// Reads an answer to the end of the connection, whatever body it has.
    mutating func head() -> Answer {
        let head = String(decoding: read(until: "\r\n\r\n") ?? [], as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: status, head: head, body: readToEnd())
    }

    /// The next chunk of a body that comes in chunks; nil after the last, and when the connection
    /// ends before.
    mutating func chunk() -> [UInt8]? {
        guard let line = read(until: "\r\n") else { return nil }
        let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) ?? 0
        while unread.count < size + 2 {
            if !fill() { return nil }
        }
        defer { unread.removeFirst(size + 2) }
        return size == 0 ? nil : Array(unread.prefix(size))
    }

    /// Waits until the server closes the connection.
    mutating func readToEnd() -> [UInt8] {
        while fill() {}
        defer { unread = [] }
        return unread
    }

    private mutating func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count <= 0 { return false }
        unread += buffer[..<count]
        return true
    }
}

extension RawClient {
    /// One request on a connection of its own.
    static func ask(
        port: Int, _ line: String, key: String? = "test", headers: [String] = [],
        body: String? = nil, host: String = "127.0.0.1",
        beta: String? = "OpenAI-Beta: assistants=v2"
    ) throws -> Answer {
        var client = try RawClient(port: port)
        client.ask(line, key: key, headers: headers, body: body, host: host, beta: beta)
        guard let answer = client.answer() else { throw Failure.closed }
        return answer
    }

    /// Sends a request.
    func ask(
        _ line: String, key: String? = "test", headers: [String] = [], body: String? = nil,
        host: String = "127.0.0.1", beta: String? = "OpenAI-Beta: assistants=v2"
    ) {
        var lines = ["\(line) HTTP/1.1", "Host: \(host)"]
        if let beta { lines.append(beta) }
        if let key { lines.append("Authorization: Bearer \(key)") }
        lines += headers
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
                lines.append("Content-Type: application/json")
            }
        }
        send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }
}

/// Connections that say nothing.
struct Connections {
    private let descriptors: [Int32]

    init(count: Int, port: Int) throws {
        descriptors = try (0..<count).map { _ in try RawClient.connect(port: port) }
    }

    func close() { for descriptor in descriptors { Glibc.close(descriptor) } }
}
