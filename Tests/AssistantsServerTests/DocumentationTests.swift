import FoundationEssentials
import HTTPTypes
import Testing

@testable import AssistantsServer

@Suite("The page about the server") struct DocumentationTests {
    @Test("names every endpoint, and none that is not served") func endpoints() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let page = String(
            decoding: try Data(contentsOf: URL(filePath: "/\(root)/docs/server.md")),
            as: UTF8.self)
        let quoted = page.split(separator: "`", omittingEmptySubsequences: false)
        let named = Set(
            quoted.indices.filter { $0 % 2 == 1 }.map { String(quoted[$0]) }.filter { text in
                ["GET /v1/", "POST /v1/", "DELETE /v1/"].contains { text.hasPrefix($0) }
            })
        let absent = Set(AbsentEndpoints.all.map(\.path))
        let served = Set(
            APIServer.endpoints.filter { !absent.contains($0.path) }.map {
                "\($0.method.rawValue) \($0.path)"
            })
        #expect(served.subtracting(named).sorted() == [])
        #expect(named.subtracting(served).sorted() == [])
    }
}
