import CLinux
import Glibc

/// Waits for many sockets at once.
///
/// A class, because its descriptor is closed with it.
final class Poller {
    private let descriptor: Int32
    private var ready = [Int32](repeating: 0, count: 256)

    init() throws {
        descriptor = system_poller()
        if descriptor < 0 { throw BenchmarkError("no epoll") }
    }

    deinit { close(descriptor) }

    /// Tells when a socket can be read, until it is closed.
    func add(_ socket: Int32) { _ = system_poller_add(descriptor, socket) }

    /// The sockets that can be read, waited for until a time.
    func wait(until limit: Double) -> ArraySlice<Int32> {
        let rest = (max(0, limit - now()) * 1000).rounded(.up)
        let count = system_poller_wait(descriptor, &ready, Int32(min(rest, 60_000)))
        return ready[..<Int(count)]
    }
}

/// A TCP socket of this machine's own address.
enum Loopback {
    /// Listens at a free port.
    static func listen() throws -> (socket: Int32, port: Int) {
        let listener = socket(AF_INET, stream, 0)
        var address = address(port: 0)
        var length = size
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 4096) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("no loopback address") }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A connection to a port.
    static func connect(to port: Int) throws -> Int32 {
        let connection = socket(AF_INET, stream, 0)
        var address = address(port: port)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, size)
            }
        }
        guard connection >= 0, status == 0 else {
            close(connection)
            throw BenchmarkError("no connection: \(String(cString: strerror(errno)))")
        }
        prepare(connection)
        return connection
    }

    /// Has a connection send small pieces at once.
    static func prepare(_ connection: Int32) {
        var isOn: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, 4)
    }

    /// Sends all of it.
    static func send(_ bytes: [UInt8], to connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    connection, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            sent += count
        }
    }

    private static let stream = Int32(SOCK_STREAM.rawValue) | 0x8_0000  // SOCK_CLOEXEC
    private static let size = socklen_t(MemoryLayout<sockaddr_in>.size)

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }
}
