import Foundation
import Glibc

/// A server on loopback that answers whoever starts a run with one recorded stream.
final class RunServer: Sendable {
    /// Its address, up to `/v1`.
    let url: String

    /// Serves until the process ends, one connection after the other.
    init(_ answer: [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("no loopback address") }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/v1"
        // A thread of its own, as it waits in accept and send.
        Thread.detachNewThread {
            while true { Self.serve(accept(listener, nil, nil), answer) }
        }
    }

    private static func serve(_ connection: Int32, _ answer: [UInt8]) {
        defer { close(connection) }
        guard let head = head(from: connection) else { return }
        let isRun = head.hasPrefix("POST ") && head.contains("/runs ")
        let refusal = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        var rest = isRun ? answer[...] : Array(refusal.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
        // Until the reader has gone: closing over what it sent would cut the answer.
        shutdown(connection, Int32(SHUT_WR))
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
    }

    private static func head(from connection: Int32) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while !bytes.holds(Array("\r\n\r\n".utf8)) {
            let count = recv(connection, &chunk, chunk.count, 0)
            if count <= 0 { return nil }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
