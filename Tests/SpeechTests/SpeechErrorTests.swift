import Speech
import TestSupport
import Testing
import Transport

@Suite("A refusal of the speech service")
struct SpeechErrorTests {
    @Test(
        "that was recorded is understood, in each of the shapes it has had",
        .enabled(if: Fixture.isPresent, "the shared data is not there"),
        arguments: [
            ("err-401-invalid_api_key-2026", 401, SpeechError.Kind.invalidKey),
            ("err-401-missing_permissions", 401, .notAllowed),
            ("err-401-quota_exceeded-2023", 401, .quota),
            ("err-401-quota_exceeded", 401, .quota),
            ("err-422-missing-text", 422, .invalid),
        ])
    func recorded(name: String, status: Int, kind: SpeechError.Kind) async throws {
        let body = try Fixture.shared("streams/elevenlabs/\(name).json")
        let error = try await Self.refusal(status, body)
        #expect(error.kind == kind)
        if kind == .invalid { #expect(error.message.contains("text: Field required")) }
        if kind == .quota { #expect(error.message.contains("remaining")) }
    }

    @Test(
        "by a documented code is of that kind",
        arguments: [
            (401, "missing_api_key", SpeechError.Kind.noKey),
            (400, "voice_not_found", .voiceNotFound),
            (400, "max_character_limit_exceeded", .textTooLong),
            (429, "rate_limit_exceeded", .rateLimit),
            (429, "concurrent_limit_exceeded", .tooManyAtOnce),
            (429, "too_many_concurrent_requests", .tooManyAtOnce),
            (403, "output_format_not_allowed", .formatNotAllowed),
            (500, "internal_error", .refused(status: 500)),
        ])
    func documented(status: Int, code: String, kind: SpeechError.Kind) async throws {
        let body = #"{"detail":{"type":"t","code":"\#(code)","message":"m","status":"\#(code)"}}"#
        #expect(try await Self.refusal(status, Array(body.utf8)).kind == kind)
        let old = #"{"detail":{"status":"\#(code)","message":"m"}}"#
        #expect(try await Self.refusal(status, Array(old.utf8)).kind == kind)
    }

    @Test(
        "that says nothing of use is told by its status",
        arguments: [
            "", "<html>busy</html>", "{\"detail\":7}", "[]", "{\"detail\":\"no\"}",
            "{\"detail\":[1,{}]}", "{\"detail\":{\"code\":[]}}", "\u{FEFF}{",
        ])
    func nonsense(body: String) async throws {
        let error = try await Self.refusal(503, Array(body.utf8))
        #expect([.refused(status: 503), .invalid].contains(error.kind), "\(error)")
        #expect(try await Self.refusal(401, []).kind == .invalidKey)
        #expect(try await Self.refusal(429, []).kind == .rateLimit)
        #expect(try await Self.refusal(302, []).kind == .refused(status: 302))
    }

    @Test("that is very long is told in short")
    func long() async throws {
        let words = String(repeating: "very ", count: 100_000)
        let body = #"{"detail":{"status":"quota_exceeded","message":"\#(words)"}}"#
        let error = try await Self.refusal(401, Array(body.utf8))
        #expect(error.message.utf8.count < 500)
    }

    @Test("that repeats the key is told without it, also where the text is cut within")
    func repeatedKey() async throws {
        let long = String(repeating: "x", count: 181) + "sk_9876"
        let body =
            #"{"detail":{"status":"invalid_api_key","message":"No key sk_9876 here \#(long)"}}"#
        let transport = ScriptedTransport([.init(401, text: body)])
        let client = try SpeechClient(key: "sk_9876", transport: transport)
        let error = await #expect(throws: SpeechError.self) {
            try await client.speak(SpeechRequest(voice: "v", text: "Hi"))
        }
        #expect(error?.message.contains("No key … here") == true)
        #expect(error?.message.contains("sk_") == false)
    }

    @Test("for want of a connection says what the transport says")
    func connection() async throws {
        for code in [TransportError.Code.cannotConnect(.refused), .cut, .timedOut(.firstByte)] {
            let client = try SpeechClient(
                key: "k", transport: ScriptedTransport([.failure(code)]))
            let error = await #expect(throws: SpeechError.self) {
                try await client.speak(SpeechRequest(voice: "v", text: "Hi"))
            }
            #expect(error?.kind == .connection(code))
        }
    }

    @Test(
        "is also an answer that is a page and no sound",
        arguments: ["text/html", "application/json"])
    func page(type: String) async throws {
        let transport = ScriptedTransport([
            .init(200, headers: [("Content-Type", type)], text: "<html>log in</html>")
        ])
        let client = try SpeechClient(key: "k", transport: transport)
        let error = await #expect(throws: SpeechError.self) {
            try await client.speak(SpeechRequest(voice: "v", text: "Hi"))
        }
        #expect(error?.kind == .notAudio)
        #expect(transport.cancelledCount == 1)
    }

    @Test("is also a list of voices that is none, or too long")
    func voices() async throws {
        for body in ["", "{}", "{\"voices\":7}"] {
            let client = try SpeechClient(
                key: "k", transport: ScriptedTransport([.init(200, text: body)]))
            await #expect(throws: SpeechError.self) { try await client.voices() }
        }
        let huge = ScriptedTransport([
            .init(bytes: [UInt8](repeating: 32, count: 9 << 20), size: 65_536)
        ])
        let client = try SpeechClient(key: "k", transport: huge)
        let error = await #expect(throws: SpeechError.self) { try await client.voices() }
        #expect(error?.kind == .connection(.tooLarge(limit: 8 << 20)))
    }

    @Test("never ends a list of voices that says it has ever more")
    func endlessVoices() async throws {
        let body = #"{"voices":[{"voice_id":"v"}],"has_more":true,"next_page_token":"t"}"#
        let transport = ScriptedTransport([.init(200, text: body)])
        let voices = try await SpeechClient(key: "k", transport: transport).voices()
        #expect(voices.count == 10)
        #expect(transport.requests.count == 10)
        #expect(transport.requests.last?.url.hasSuffix("page_size=100&next_page_token=t") == true)
        let bad = body.replacing("\"t\"", with: "\"a&b c\"")
        let other = ScriptedTransport([.init(200, text: bad)])
        #expect(try await SpeechClient(key: "k", transport: other).voices().count == 1)
    }

    private static func refusal(_ status: Int, _ body: [UInt8]) async throws -> SpeechError {
        let answer = ScriptedTransport.Answer(status, steps: [.bytes(body)])
        let client = try SpeechClient(key: "k", transport: ScriptedTransport([answer]))
        let error = await #expect(throws: SpeechError.self) {
            try await client.speak(SpeechRequest(voice: "v", text: "Hi"))
        }
        return try #require(error)
    }
}
