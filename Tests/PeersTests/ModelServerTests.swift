import Glibc
import TestSupport
import Testing

@Suite("A model server", .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"))
struct ModelServerTests {
    @Test("answers about itself, and is gone when stopped")
    func properties() async throws {
        let server = try await ModelServer.start(alias: "named-here", context: 512)
        let answer = try get("/props", port: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(answer.contains("scripted.gguf"))
        #expect(kill(server.process, 0) == 0)
        server.stop()
        server.stop()
        #expect(kill(server.process, 0) == -1 && errno == ESRCH)
        #expect(throws: CancellationError.self) { try get("/props", port: server.port) }
    }

    @Test("wants its key")
    func key() async throws {
        let server = try await ModelServer.start(key: "secret")
        #expect(try get("/props", port: server.port).hasPrefix("HTTP/1.1 401"))
    }

    @Test("stops with the last reference to it")
    func release() async throws {
        let process: Int32
        do {
            let server = try await ModelServer.start()
            process = server.process
            #expect(kill(process, 0) == 0)
        }
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }
}

private func get(_ path: String, port: Int) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else { throw CancellationError() }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count <= 0 { break }
        answer += buffer[0..<count]
    }
    return String(decoding: answer, as: UTF8.self)
}
