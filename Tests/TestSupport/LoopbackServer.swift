import Dispatch
import Foundation
import Glibc
import Synchronization

/// A tiny HTTP server on a free loopback port, or a Unix socket, that plays scripted answers over
/// raw sockets: also such as no server library would send.
public final class LoopbackServer: Sendable {
    /// A request as it came.
    public struct Request: Hashable, Sendable {
        /// The request line and the header, without the empty line.
        public var head: String
        /// The body, as long as `Content-Length` says.
        public var body: [UInt8]

        /// The path with its query.
        public var path: String {
            let parts = head.split(separator: " ", maxSplits: 2)
            return parts.count > 1 ? String(parts[1]) : ""
        }

        /// A header field; nil when it is not there.
        public func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                if line[..<colon].lowercased() == name.lowercased() {
                    return String(line[line.index(after: colon)...].drop { $0 == " " })
                }
            }
            return nil
        }
    }

    /// What the server does next on a connection.
    public enum Step: Sendable {
        /// Sends these bytes as they are.
        case send([UInt8])
        /// Waits until the test calls `step()`.
        case hold
        /// Says nothing until the client closes the connection.
        case waitForClose
        /// Breaks the connection off, so that the client sees a reset.
        case reset
        /// Reads the next request on the same connection.
        case keepAlive
    }

    /// What happened, for tests to wait for.
    public enum Event: Hashable, Sendable {
        /// A connection was opened.
        case opened
        /// A request came.
        case request(Request)
        /// The client closed its connection while the server waited for that.
        case closedByClient
    }

    /// The port; 0 for a Unix socket.
    public let port: Int
    /// What happens, in order; for one reader.
    public let events: AsyncStream<Event>

    // Not for programs that tests start: what those hold open never ends.
    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

    private let listener: Int32
    private let report: AsyncStream<Event>.Continuation
    private let greeting: [UInt8]
    private let answer: @Sendable (Request) -> [Step]
    // Blocks only threads of this test server, never one of the tasks' pool.
    private let gate = DispatchSemaphore(value: 0)
    private let isStopped = Mutex(false)

    /// The address of the server's root.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server that answers each request as `answer` decides, and before that says
    /// `greeting`, which no HTTP server does.
    /// - Throws: `LoopbackError` when no socket can be had.
    public convenience init(
        greeting: String = "", answer: @escaping @Sendable (Request) -> [Step] = { _ in [] }
    ) throws {
        let descriptor = socket(AF_INET, Self.kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else { throw LoopbackError() }
        try self.init(
            listener: descriptor, port: Int(UInt16(bigEndian: address.sin_port)),
            greeting: greeting, answer: answer)
    }

    /// Starts a server on a Unix socket.
    /// - Throws: `LoopbackError` when the socket cannot be had.
    public convenience init(
        socketPath: String, answer: @escaping @Sendable (Request) -> [Step]
    ) throws {
        let descriptor = socket(AF_UNIX, Self.kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LoopbackError()
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0
            }
        }
        guard descriptor >= 0, isBound else { throw LoopbackError() }
        try self.init(listener: descriptor, port: 0, greeting: "", answer: answer)
    }

    private init(
        listener: Int32, port: Int, greeting: String,
        answer: @escaping @Sendable (Request) -> [Step]
    ) throws {
        guard listen(listener, 64) == 0 else { throw LoopbackError() }
        self.listener = listener
        self.port = port
        self.answer = answer
        self.greeting = Array(greeting.utf8)
        (events, report) = AsyncStream.makeStream()
        // Threads of their own, as `accept` and `recv` block: a test server needs no better.
        // Not Dispatch's: that has 255 at most, and hundreds of tests run at once.
        Thread.detachNewThread { self.acceptAll() }
    }

    /// Ends one `hold`.
    public func step() {
        gate.signal()
    }

    /// Stops listening; connections end by themselves.
    public func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        if wasStopped { return }
        // Wakes `accept`. Its thread closes the socket: closed here, its number could be another
        // server's by the time that `accept` is called.
        shutdown(listener, Int32(SHUT_RDWR))
        report.finish()
    }

    // MARK: Connections

    private func acceptAll() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 && errno == EINTR { continue }
            if connection < 0 { break }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            report.yield(.opened)
            Thread.detachNewThread { self.serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var unread: [UInt8] = []
        defer { close(connection) }
        if !Self.send(greeting, to: connection) { return }
        while let request = Self.read(connection, &unread) {
            report.yield(.request(request))
            if !play(answer(request), on: connection) { return }
        }
    }

    /// Plays an answer; whether the connection goes on.
    private func play(_ steps: [Step], on connection: Int32) -> Bool {
        // What follows without a wait goes out in one piece, so that no client sees a pause in it.
        var bytes: [UInt8] = []
        for step in steps {
            if case .send(let more) = step {
                bytes += more
                continue
            }
            guard Self.send(bytes, to: connection) else { return false }
            bytes = []
            if case .keepAlive = step { return true }
            if case .hold = step {
                gate.wait()
            } else {
                end(connection, step)
                return false
            }
        }
        _ = Self.send(bytes, to: connection)
        return false
    }

    private func end(_ connection: Int32, _ step: Step) {
        if case .reset = step {
            var linger = linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout.size(ofValue: linger))
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, size)
            return
        }
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        report.yield(.closedByClient)
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    private static func read(_ connection: Int32, _ unread: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = unread.firstRange(of: end) {
                let head = String(decoding: unread[..<range.lowerBound], as: UTF8.self)
                var request = Request(head: head, body: [])
                let length = request.header("content-length").flatMap { Int($0) } ?? 0
                if unread.count - range.upperBound >= length {
                    request.body = Array(unread[range.upperBound...].prefix(length))
                    unread.removeFirst(range.upperBound + length)
                    return request
                }
            }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            unread += buffer[..<count]
        }
    }
}

/// No socket could be had for a test server.
public struct LoopbackError: Error {}

extension [LoopbackServer.Step] {
    /// A whole answer with its length, after which the connection is closed.
    public static func answer(
        _ status: Int, type: String = "application/json", headers: [String] = [], _ body: String
    ) -> [LoopbackServer.Step] {
        let bytes = [UInt8](body.utf8)
        let lines =
            ["HTTP/1.1 \(status) Scripted", "Content-Type: \(type)"] + headers
            + ["Content-Length: \(bytes.count)", "Connection: close"]
        return [.send([UInt8]((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes)]
    }

    /// The head of an event stream in chunks.
    public static var streamHead: [LoopbackServer.Step] {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
        return [.send([UInt8](head.utf8))]
    }

    /// One chunk of a stream.
    public static func chunk(_ text: String) -> [LoopbackServer.Step] {
        let bytes = [UInt8](text.utf8)
        let size = String(bytes.count, radix: 16)
        return [.send([UInt8]("\(size)\r\n".utf8) + bytes + [UInt8]("\r\n".utf8))]
    }

    /// The end of a stream in chunks.
    public static var streamEnd: [LoopbackServer.Step] {
        [.send([UInt8]("0\r\n\r\n".utf8))]
    }

    /// A whole stream, one chunk an event, after which the connection may be used again.
    public static func events(_ data: [String]) -> [LoopbackServer.Step] {
        streamHead + data.flatMap { chunk("data: \($0)\n\n") } + streamEnd + [.keepAlive]
    }
}
