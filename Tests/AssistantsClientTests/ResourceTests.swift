import Assistants
import AssistantsClient
import TestSupport
import Testing
import Transport
import Wire

@Suite("Each operation of a client") struct ResourceTests {
    struct Call: Sendable, CustomTestStringConvertible {
        var request: String
        var body: JSONValue?
        var make: @Sendable (AssistantsClient) async throws -> Void
        var testDescription: String { request }

        init(
            _ request: String, _ body: JSONValue? = nil,
            _ make: @escaping @Sendable (AssistantsClient) async throws -> Void
        ) {
            self.request = request
            self.body = body
            self.make = make
        }
    }

    private static let answer =
        #"{"id":"x","object":"x","model":"m","role":"user","status":"completed","data":[]}"#

    @Test("is one request, with all that was said", arguments: calls)
    func request(call: Call) async throws {
        let transport = ScriptedTransport([.init(200, text: Self.answer)])
        let client = Scripted.client(transport) { $0.marksCreations = false }
        try await call.make(client)
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(
            "\(request.method) \(request.url.dropFirst("http://script/v1".count))" == call.request)
        #expect(request.header("authorization") == "Bearer key")
        if let body = call.body {
            #expect(try JSONValue(parsing: request.body) == body)
            #expect(request.header("content-type") == "application/json")
        } else {
            #expect(request.body == [])
        }
    }

    @Test("that uploads sends a form, whatever the file is called") func upload() async throws {
        let transport = ScriptedTransport([.init(200, text: #"{"id":"file-1"}"#)])
        let client = Scripted.client(transport)
        let file = try await client.files.create(
            Array("content\r\n--x".utf8), filename: "a\"b\r\nc.txt", purpose: "user_data",
            expiresAfter: 3600)
        #expect(file.id == "file-1")
        let request = try #require(transport.requests.first)
        let type = try #require(request.header("content-type"))
        let boundary = try #require(type.split(separator: "=").last)
        let text = String(decoding: request.body, as: UTF8.self)
        #expect(
            text
                == [
                    "--\(boundary)", #"Content-Disposition: form-data; name="purpose""#, "",
                    "user_data", "--\(boundary)",
                    #"Content-Disposition: form-data; name="expires_after[anchor]""#, "",
                    "created_at",
                    "--\(boundary)",
                    #"Content-Disposition: form-data; name="expires_after[seconds]""#, "", "3600",
                    "--\(boundary)",
                    #"Content-Disposition: form-data; name="file"; filename="a%22b%0D%0Ac.txt""#,
                    "Content-Type: application/octet-stream", "", "content", "--x",
                    "--\(boundary)--",
                    "",
                ].joined(separator: "\r\n"))
        await #expect(throws: APIError.self) {
            try await client.files.create(path: "/nowhere/at/all")
        }
    }

    @Test("that reads content gives every byte") func content() async throws {
        let transport = ScriptedTransport { request, _ in
            request.url.hasSuffix("/content")
                ? .init(bytes: Array(0...255), size: 100) : .init(200, text: #"{"id":"file-1"}"#)
        }
        let content = try await Scripted.client(transport).files.content(of: "file-1")
        var bytes: [UInt8] = []
        for try await piece in content { bytes += piece }
        #expect(bytes == Array(0...255))
    }

    @Test("that lists goes through the pages, and asks for no more than are read")
    func pages() async throws {
        let transport = ScriptedTransport { request, _ in
            if request.url.contains("after=asst_2") {
                return .init(200, text: #"{"data":[{"id":"asst_3"}],"has_more":false}"#)
            }
            return .init(
                200, text: #"{"data":[{"id":"asst_1"},{"id":"asst_2"}],"has_more":true}"#)
        }
        let list = Scripted.client(transport).assistants.list(PageRequest(limit: 2))
        for try await assistant in list where assistant.id == "asst_2" { break }
        #expect(transport.requests.count == 1)
        var ids: [String] = []
        for try await assistant in list { ids.append(assistant.id) }
        #expect(ids == ["asst_1", "asst_2", "asst_3"])
        #expect(transport.requests.count == 3)
    }

    @Test("that lists does not walk a server for ever that says there is always more")
    func endless() async throws {
        let transport = ScriptedTransport([
            .init(200, text: #"{"data":[{"id":"asst_1"}],"has_more":true}"#)
        ])
        var ids: [String] = []
        for try await assistant in Scripted.client(transport).assistants.list() {
            ids.append(assistant.id)
        }
        #expect(ids == ["asst_1", "asst_1"])
        #expect(transport.requests.count == 2)
    }
}
