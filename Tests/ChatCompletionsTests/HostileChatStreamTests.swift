import ChatCompletions
import TestSupport
import Testing
import Transport

/// Whatever a server sends, an answer ends with its finish reason or with one clear error.
@Suite("A hostile chat stream", .enabled(if: Fixture.isPresent), .timeLimit(.minutes(5)))
struct HostileChatStreamTests {
    private static func read(
        _ bytes: [UInt8], size: Int = 97
    ) async throws -> (answer: ChatAnswer, error: ChatError?) {
        let transport = ScriptedTransport([.init(bytes: bytes, size: size)])
        let body = try await transport.send(HTTPRequest(method: "POST", url: "http://script")).body
        let stream = ChatStream(body: body)
        var answer = ChatAnswer()
        do throws(ChatError) {
            for try await event in stream { answer.add(event) }
        } catch {
            #expect(!stream.health.isComplete)
            return (answer, error)
        }
        #expect(answer.finish != nil)
        #expect(stream.health.isComplete)
        return (answer, nil)
    }

    /// An answer that is good but for what lies in its middle.
    private static func around(_ middle: [UInt8]) -> [UInt8] {
        Array("data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n".utf8)
            + middle
            + Array("data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n".utf8)
    }

    private static func delta(_ members: [UInt8]) -> [UInt8] {
        Array("data: {\"choices\":[{\"delta\":{".utf8) + members + Array("}}]}\n\n".utf8)
    }

    @Test("of the suites for event streams ends with one error, however it is cut")
    func suites() async throws {
        for item in try HostileCase.eventStreams() {
            let bytes = Array(item.pieces.joined())
            let (answer, error) = try await Self.read(bytes)
            #expect(error != nil, "\(item.name)")
            let bytewise = try await Self.read(bytes, size: 1)
            #expect(bytewise.answer == answer && bytewise.error == error, "\(item.name)")
            _ = try await Self.read(Self.around(bytes))
        }
    }

    @Test("of texts that are meant for a terminal gives them as they are, repaired")
    func terminalTexts() async throws {
        for item in try HostileCase.all() {
            let middle = item.jsonPieces.flatMap { Self.delta(Array("\"content\":".utf8) + $0) }
            let (answer, error) = try await Self.read(Self.around(middle))
            #expect(error == nil, "\(item.name)")
            #expect(answer.text == item.repairedText, "\(item.name)")
        }
    }

    @Test("with bytes that are no text, and halves of characters, is repaired")
    func badText() async throws {
        let content =
            Array("\"content\":\"a".utf8) + [0xFF, 0xC3] + Array("b\\ud800c\\udc00d\"".utf8)
        for size in [1, 2, 3, 1000] {
            let (answer, error) = try await Self.read(
                Self.around(Self.delta(content)), size: size)
            #expect(error == nil)
            #expect(answer.text == "a\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}d")
        }
    }

    @Test(
        "that never ends is closed where it would have to be kept",
        arguments: [("data: ", "x"), ("{", " "), (": ", "x"), ("", " ")])
    func endless(first: String, rest: Character) async throws {
        let piece = [UInt8](repeating: rest.asciiValue ?? 0, count: 1 << 16)
        let body = EndlessBody(first, then: piece)
        let stream = ChatStream(body: HTTPBody(source: body))
        // A comment says nothing, however long it is.
        let keepsNothing = first == ": "
        let error = await #expect(throws: ChatError.self) { _ = try await stream.answer() }
        #expect(body.isClosed)
        #expect((error?.kind == .badResponse) == !keepsNothing)
        #expect((body.byteCount <= 17 << 20) == !keepsNothing)
    }
}
