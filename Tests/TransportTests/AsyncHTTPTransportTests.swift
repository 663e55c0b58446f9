import TestSupport
import Testing
import Transport

@Suite("The HTTP transport") struct AsyncHTTPTransportTests {
    private let transport = AsyncHTTPTransport()

    private func code(
        _ operation: () async throws -> Void
    ) async -> TransportError.Code? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? TransportError)?.code
        }
    }

    @Test("sends method, path, header and body, and gives status, header and body")
    func exchange() async throws {
        let server = try LoopbackServer { request in
            .answer(
                201, headers: ["X-Path: \(request.path)"],
                String(decoding: request.body, as: UTF8.self))
        }
        defer { server.stop() }
        let response = try await transport.send(
            HTTPRequest(
                method: "POST", url: server.url + "/v1/x?y=1",
                headers: [("authorization", "Bearer k")],
                body: Array("äöü".utf8)))
        #expect(response.status == 201)
        #expect(response.isSuccess)
        #expect(response.header("x-path") == "/v1/x?y=1")
        #expect(try await response.body.collect(upTo: 100) == Array("äöü".utf8))
        var events = server.events.makeAsyncIterator()
        _ = await events.next()
        guard case .request(let request) = await events.next() else {
            Issue.record("no request came")
            return
        }
        #expect(request.head.hasPrefix("POST /v1/x?y=1 HTTP/1.1"))
        #expect(request.header("Authorization") == "Bearer k")
        #expect(request.header("Accept-Encoding") == nil)
    }

    @Test("says that nobody listens at once, although the limit is far away")
    func refused() async throws {
        let server = try LoopbackServer { _ in [] }
        server.stop()
        do throws(TransportError) {
            _ = try await transport.send(
                HTTPRequest(url: server.url, connectTimeout: .seconds(500)))
            Issue.record("somebody answered")
        } catch {
            #expect(error.code == .cannotConnect(.refused))
            #expect(
                error.description == "Nothing answers at 127.0.0.1:\(server.port); "
                    + "start the server there, or change the address.")
        }
    }

    @Test(
        "refuses an address it cannot use",
        arguments: [
            "", "localhost:80", "ftp://a/b", "http://", "http:///x", "http://a b/", "http://:80/",
        ])
    func invalidURL(url: String) async {
        #expect(await code { _ = try await transport.send(HTTPRequest(url: url)) } == .invalidURL)
    }

    @Test("says when the other side does not speak TLS")
    func tls() async throws {
        let server = try LoopbackServer(greeting: "this is no TLS\n")
        defer { server.stop() }
        let url = "https://127.0.0.1:\(server.port)/"
        let found = await code { _ = try await transport.send(HTTPRequest(url: url)) }
        #expect(found == .cannotConnect(.tls))
    }

    @Test("tells a broken connection before the head from one in the body")
    func cuts() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/head": []
            case "/head-reset": [.reset]
            case "/chunks":
                [LoopbackServer.Step].streamHead + [LoopbackServer.Step].chunk("data: 1\n\n")
            case "/reset":
                [LoopbackServer.Step].streamHead + [LoopbackServer.Step].chunk("data: 1\n\n") + [
                    .reset
                ]
            default:
                [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".utf8))]
            }
        }
        defer { server.stop() }
        for path in ["/head", "/head-reset"] {
            #expect(
                await code { _ = try await transport.send(HTTPRequest(url: server.url + path)) }
                    == .cut)
        }
        for path in ["/chunks", "/length", "/reset"] {
            let found = await code {
                let response = try await transport.send(HTTPRequest(url: server.url + path))
                _ = try await response.body.collect(upTo: 1_000)
            }
            #expect(found == .cut, "\(path)")
        }
    }

    @Test("gives what came before the connection broke")
    func partial() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + [LoopbackServer.Step].chunk("first") + [.hold]
        }
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(url: server.url))
        var pieces = response.body.makeAsyncIterator()
        #expect(try await pieces.next() == Array("first".utf8))
        server.step()
        await #expect(throws: TransportError.self) { _ = try await pieces.next() }
    }

    @Test("ends a wait that the request does not allow")
    func waits() async throws {
        let server = try LoopbackServer { request in
            request.path == "/head"
                ? [.waitForClose] : [LoopbackServer.Step].streamHead + [.waitForClose]
        }
        defer { server.stop() }
        let short = Duration.milliseconds(30)
        let head = await code {
            _ = try await transport.send(
                HTTPRequest(url: server.url + "/head", firstByteTimeout: short))
        }
        #expect(head == .timedOut(.firstByte))
        let silence = await code {
            let response = try await transport.send(
                HTTPRequest(url: server.url + "/body", silenceTimeout: short))
            _ = try await response.body.collect(upTo: 10)
        }
        #expect(silence == .timedOut(.silence))
        var closed = 0
        for await event in server.events where event == .closedByClient {
            closed += 1
            if closed == 2 { break }
        }
    }

    @Test("closes the connection at once when the reading task is cancelled")
    func cancelled() async throws {
        let server = try LoopbackServer { _ in
            [LoopbackServer.Step].streamHead + [LoopbackServer.Step].chunk("1") + [.waitForClose]
        }
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(url: server.url))
        var pieces = response.body.makeAsyncIterator()
        _ = try await pieces.next()
        let reader = Task { await code { _ = try await response.body.collect(upTo: 10) } }
        reader.cancel()
        #expect(await reader.value == .cancelled)
        for await event in server.events where event == .closedByClient { break }
    }

    @Test("closes the connection at once when the sending task is cancelled")
    func cancelledSend() async throws {
        let server = try LoopbackServer { _ in [.waitForClose] }
        defer { server.stop() }
        let transport = transport
        let sender = Task {
            await code { _ = try await transport.send(HTTPRequest(url: server.url)) }
        }
        for await event in server.events {
            if case .request = event { break }
        }
        sender.cancel()
        #expect(await sender.value == .cancelled)
    }

    @Test("closes the connection of a body that nobody reads any more")
    func dropped() async throws {
        let server = try LoopbackServer { _ in [LoopbackServer.Step].streamHead + [.waitForClose] }
        defer { server.stop() }
        do {
            let response = try await transport.send(HTTPRequest(url: server.url))
            #expect(response.status == 200)
        }
        for await event in server.events where event == .closedByClient { break }
    }

    @Test("follows no redirect, so that a key stays with its host")
    func redirect() async throws {
        let server = try LoopbackServer { _ in
            .answer(302, headers: ["Location: http://127.0.0.1:1/"], "")
        }
        defer { server.stop() }
        let response = try await transport.send(
            HTTPRequest(url: server.url, headers: [("authorization", "Bearer k")]))
        #expect(response.status == 302)
    }

    @Test("speaks over a Unix socket")
    func unixSocket() async throws {
        let path = "/tmp/sb-transport-\(UInt32.random(in: 0 ... .max)).sock"
        let server = try LoopbackServer(socketPath: path) { .answer(200, $0.path) }
        defer { server.stop() }
        let response = try await transport.send(
            HTTPRequest(url: "http://localhost/v1/threads?a=b", socketPath: path))
        #expect(try await response.body.collect(upTo: 100) == Array("/v1/threads?a=b".utf8))
        let missing = await code {
            _ = try await transport.send(
                HTTPRequest(url: "http://localhost/", socketPath: path + "x"))
        }
        #expect(missing == .cannotConnect(.refused))
    }

    @Test("uses a connection again once its body was read to the end")
    func keepAlive() async throws {
        let server = try LoopbackServer { _ in .events(["1"]) }
        // The pool takes a connection back a moment after its body ended: on a busy machine some
        // requests come before that.
        let requests = 50
        for _ in 0..<requests {
            let response = try await transport.send(HTTPRequest(url: server.url))
            _ = try await response.body.collect(upTo: 100)
        }
        server.stop()
        var opened = 0
        for await event in server.events where event == .opened { opened += 1 }
        #expect(opened < requests)
    }

    @Test("reads no more than it is allowed, and keeps a slow reader's bytes bounded")
    func bounds() async throws {
        let size = 8 << 20
        let server = try LoopbackServer { _ in .answer(200, String(repeating: "x", count: size)) }
        defer { server.stop() }
        let large = await code {
            let response = try await transport.send(HTTPRequest(url: server.url))
            _ = try await response.body.collect(upTo: 1_000)
        }
        #expect(large == .tooLarge(limit: 1_000))
        let prefix = try await transport.send(HTTPRequest(url: server.url)).body.prefix(bytes: 10)
        #expect(prefix.count == 10)
        var count = 0
        var largest = 0
        for try await piece in try await transport.send(HTTPRequest(url: server.url)).body {
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == size)
        #expect(largest <= 512 << 10)
    }
}
