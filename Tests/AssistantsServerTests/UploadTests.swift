import Assistants
import Foundation
import TestSupport
import Testing
import Wire

@testable import AssistantsServer

@Suite("An upload", .timeLimit(.minutes(5)))
struct UploadTests {
    private static let form =
        "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
        + "--X\r\nContent-Disposition: form-data; name=\"file\"; "
        + "filename=\"a \\\"b\\\" %22.txt\"\r\n"
        + "Content-Type: text/plain\r\n\r\nhi\r\n--Y\r\n-\r\r\n--X--\r\n"

    @Test("is read alike wherever it is cut")
    func cuts() throws {
        let bytes = Array(Self.form.utf8)
        let whole = try Self.events(of: [bytes])
        #expect(
            whole == [
                "begin purpose -", "data assistants", "end", "begin file a \"b\" \".txt",
                "data hi\r\n--Y\r\n-\r", "end",
            ])
        for cut in bytes.indices {
            #expect(try Self.events(of: [Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
        }
        #expect(try Self.events(of: bytes.map { [$0] }) == whole)
    }

    /// What a parser finds, the data of each part told at once.
    private static func events(of chunks: [[UInt8]]) throws -> [String] {
        var parser = try MultipartParser(boundary: "X")
        var told: [String] = []
        var data: [UInt8] = []
        for chunk in chunks {
            for event in try parser.feed(chunk) {
                switch event {
                case .begin(let name, let filename):
                    told.append("begin \(name) \(filename ?? "-")")
                case .data(let bytes): data += bytes
                case .end:
                    told += ["data " + String(decoding: data, as: UTF8.self), "end"]
                    data = []
                }
            }
        }
        try parser.finish()
        return told
    }

    @Test("is kept under whatever name, or refused", .enabled(if: Fixture.isPresent))
    func names() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let cases = try JSONValue(
            parsing: Fixture.shared("suites/malicious/files/filenames.json"))["cases"]?.arrayValue
        let names = (cases ?? []).compactMap { $0["name"]?.stringValue }
        #expect(names.count > 40)
        for name in names {
            let (answer, content) = try await onThread {
                let answer = try Self.upload(Array("text".utf8), name: name, port: port)
                let id = answer.json?["id"]?.stringValue ?? ""
                var client = try RawClient(port: port)
                client.ask("GET /v1/files/\(id)/content", headers: ["Connection: close"])
                return (answer, String(decoding: client.readToEnd(), as: UTF8.self))
            }
            if answer.status == 400 { continue }
            #expect(answer.status == 200, "\(name)")
            // A line end cannot be in a header: it arrives as what else it was told as.
            if !name.unicodeScalars.contains(where: { $0.value < 32 }) {
                #expect(answer.json?["filename"]?.stringValue == name)
            }
            let parts = content.components(separatedBy: "\r\n\r\n")
            let head = try #require(parts.first).components(separatedBy: "\r\n")
            #expect(head.count(where: { $0.lowercased().hasPrefix("content-disposition") }) == 1)
            #expect(content.hasSuffix("4\r\ntext\r\n0\r\n\r\n"), "\(name)")
        }
        await served.close()
    }

    @Test("is found by search once it is indexed")
    func search() async throws {
        let served = try await ServedEngine()
        let port = served.server.port
        let results = try await onThread {
            let text = Array("The lighthouse was painted green in May.".utf8)
            let file = try Self.upload(text, name: "a.txt", port: port).json?["id"] ?? .null
            let made = try RawClient.ask(
                port: port, "POST /v1/vector_stores",
                body: (["file_ids": [file]] as JSONValue).text)
            let store = "/v1/vector_stores/\(made.json?["id"]?.stringValue ?? "")"
            while true {
                let answer = try RawClient.ask(port: port, "GET \(store)/files")
                if answer.json?["data"]?[0]?["status"] == "completed" { break }
            }
            let search = try RawClient.ask(
                port: port, "POST \(store)/search", body: "{\"query\":\"lighthouse\"}")
            let content = try RawClient.ask(
                port: port, "GET \(store)/files/\(file.stringValue ?? "")/content")
            return (search.json, content.json)
        }
        #expect(results.0?["object"] == "vector_store.search_results.page")
        #expect(results.0?["data"]?[0]?["filename"] == "a.txt")
        #expect(
            results.1?["data"]?[0]?["text"] == "The lighthouse was painted green in May.")
        await served.close()
    }

    @Test("is refused when it is too large, before it is read")
    func tooLarge() async throws {
        let served = try await ServedEngine { $0.limits.fileBytes = 2 << 20 }
        let port = served.server.port
        let statuses = try await onThread {
            [
                try Self.upload([UInt8](repeating: 0, count: 4 << 20), name: "a", port: port),
                try Self.upload([UInt8](repeating: 0, count: 2 << 20 + 1), name: "a", port: port),
                try Self.upload([UInt8](repeating: 0, count: 2 << 20), name: "a", port: port),
            ].map(\.status)
        }
        #expect(statuses[0] == 413)
        #expect(statuses[2] == 200)
        await served.close()
    }

    /// Uploads a file as a browser or an SDK does.
    static func upload(
        _ bytes: [UInt8], name: String, port: Int, key: String = "test"
    ) throws -> RawClient.Answer {
        let escaped = name.flatMap { character -> String in
            switch character {
            case "\"": "%22"
            case "\\": "\\\\"
            case "\r", "\n", "\r\n": "%0A"
            default: String(character)
            }
        }
        let head =
            "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
            + "--X\r\nContent-Disposition: form-data; name=\"file\"; "
            + "filename=\"\(String(escaped))\"\r\n\r\n"
        let body = Array(head.utf8) + bytes + Array("\r\n--X--\r\n".utf8)
        var client = try RawClient(port: port)
        client.send(
            "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n"
                + "Content-Type: multipart/form-data; boundary=X\r\n"
                + "Content-Length: \(body.count)\r\n\r\n")
        client.send(body)
        guard let answer = client.answer() else { throw RawClient.Failure.closed }
        return answer
    }
}
