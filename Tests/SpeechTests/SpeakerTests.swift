import Speech
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

@Suite("A speaker", .timeLimit(.minutes(1)))
struct SpeakerTests {
    private static let text =
        "This is the first sentence. The second one has a few more words than it. "
        + "The third sentence comes after that, and it is long as well. The fourth ends it all."
    private static let sentences = [
        "This is the first sentence.", "The second one has a few more words than it.",
        "The third sentence comes after that, and it is long as well.", "The fourth ends it all.",
    ]

    @Test("speaks every sentence in order, and every byte of its sound arrives")
    func order() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink()
        let spoken = try await Self.speaker(voice).speak(SpokenText(Self.text)) { _ in sink }
        #expect(voice.texts == Self.sentences)
        #expect(sink.bytes == Self.sentences.flatMap(ScriptedVoice.sound))
        #expect(spoken.sentences == 4 && spoken.bytes == sink.bytes.count)
        #expect(sink.finishes == 1 && sink.stops == 0)
    }

    @Test("lets the first sound be heard before the last of the text is written")
    func early() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink()
        let text = SpokenText()
        async let spoken = Self.speaker(voice).speak(text) { _ in sink }
        text.append("This is the first sentence. Th".utf8)
        // The first byte, and all of the first sentence, while the text has no end.
        await sink.wait(forBytes: Self.sentences[0].count * ScriptedVoice.bytesPerCharacter)
        #expect(voice.texts == [Self.sentences[0]])
        text.append("e second one has a few more words than it.".utf8)
        text.finish()
        #expect(try await spoken.sentences == 2)
        #expect(voice.texts == Array(Self.sentences[..<2]))
    }

    @Test("hands sound on before the sound is complete")
    func streaming() async throws {
        let voice = try ScriptedVoice { _ in true }
        let sink = RecordingSink()
        async let spoken = Self.speaker(voice).speak(SpokenText("Hello, all of you.")) { _ in sink }
        await sink.wait(forBytes: 18 * ScriptedVoice.bytesPerCharacter / 2)
        voice.server.step()
        #expect(try await spoken.bytes == 18 * ScriptedVoice.bytesPerCharacter)
    }

    @Test("asks one sentence ahead and not further")
    func oneAhead() async throws {
        let voice = try ScriptedVoice { $0 == Self.sentences[0] }
        let sink = RecordingSink()
        async let spoken = Self.speaker(voice).speak(SpokenText(Self.text)) { _ in sink }
        await voice.waitForRequests(2)
        await sink.wait(forBytes: Self.sentences[0].count * ScriptedVoice.bytesPerCharacter / 2)
        #expect(voice.texts == Array(Self.sentences[..<2]))
        voice.server.step()
        #expect(try await spoken.sentences == 4)
        #expect(voice.texts == Self.sentences)
    }

    @Test("tells each request what comes before and after it")
    func stitching() async throws {
        let transport = ScriptedTransport { _, number in
            ScriptedTransport.Answer(
                200, headers: [("request-id", "id\(number)")], text: "sound!")
        }
        let text = SpokenText()
        let sink = RecordingSink()
        async let spoken = Self.speaker(transport).speak(text) { _ in sink }
        // Each sentence is written when the one before was heard to its end.
        for (number, sentence) in Self.sentences.enumerated() {
            text.append("\n\n\(sentence)\n\n".utf8)
            // The last one is short, and might go on.
            if number == 3 { text.finish() }
            await sink.wait(forBytes: 6 * (number + 1))
        }
        #expect(try await spoken.sentences == 4)
        let bodies = try transport.requests.map { try JSONValue(parsing: $0.body) }
        #expect(bodies.first?["previous_text"] == nil)
        #expect(bodies.first?["previous_request_ids"] == nil)
        for (number, body) in bodies.enumerated().dropFirst() {
            // The sound before may just be at its end, or a moment before it.
            let ids = body["previous_request_ids"]?.arrayValue?.compactMap(\.stringValue)
            let before = body["previous_text"]?.stringValue
            #expect((ids == nil) != (before == nil))
            if let ids { #expect(ids == (max(0, number - 3)..<number).map { "id\($0)" }) }
            if let before { #expect(before == Self.sentences[number - 1]) }
        }
    }

    @Test("tells the sentence that is still heard, and the next one, when the text is there")
    func stitchingAhead() async throws {
        let voice = try ScriptedVoice { $0 == Self.sentences[0] }
        let sink = RecordingSink()
        async let spoken = Self.speaker(voice).speak(SpokenText(Self.text)) { _ in sink }
        await voice.waitForRequests(2)
        voice.server.step()
        _ = try await spoken
        let (first, second) = (voice.requests[0].json, voice.requests[1].json)
        #expect(first["next_text"]?.stringValue == Self.sentences[1])
        #expect(second["previous_text"]?.stringValue == Self.sentences[0])
        #expect(second["next_text"]?.stringValue == Self.sentences[2])
        #expect(voice.requests[3].json["next_text"] == nil)
    }

    @Test("tells a model without stitching nothing of it")
    func withoutStitching() async throws {
        let voice = try ScriptedVoice()
        var speaker = try Self.speaker(voice)
        speaker.request.model = "eleven_v3"
        try await speaker.speak(SpokenText(Self.text)) { _ in RecordingSink() }
        for request in voice.requests {
            for name in ["previous_text", "next_text", "previous_request_ids"] {
                #expect(request.json[name] == nil)
            }
        }
    }

    @Test("that is stopped closes its connection and stops the sink at once")
    func stop() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink()
        var speaker = try Self.speaker(voice)
        speaker.request.voice = "endless"
        let speaking = Task { [speaker] in
            try await speaker.speak(SpokenText("It goes on for ever.")) { _ in sink }
        }
        await sink.wait(forBytes: 1)
        speaking.cancel()
        #expect(sink.stops == 1)
        for await event in voice.server.events where event == .closedByClient { break }
        let error = await #expect(throws: SpeechError.self) { try await speaking.value }
        #expect(error?.kind == .stopped)
        #expect(sink.finishes == 0)
    }

    @Test("that waits for more text can be stopped too")
    func stopWaiting() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink()
        let text = SpokenText()
        text.append("This is the first sentence. A".utf8)
        let speaking = Task { try await Self.speaker(voice).speak(text) { _ in sink } }
        await sink.wait(forBytes: Self.sentences[0].count * ScriptedVoice.bytesPerCharacter)
        speaking.cancel()
        let error = await #expect(throws: SpeechError.self) { try await speaking.value }
        #expect(error?.kind == .stopped)
    }

    @Test(
        "says why it cannot speak, before anything plays",
        arguments: [
            ("bad", "v", SpeechError.Kind.invalidKey), ("poor", "v", .quota),
            ("k", "nobody", .voiceNotFound), ("k", "busy", .tooManyAtOnce),
        ])
    func refusals(key: String, voiceID: String, kind: SpeechError.Kind) async throws {
        let voice = try ScriptedVoice()
        let speaker = try Self.speaker(voice, key: key, voiceID: voiceID)
        let error = await #expect(throws: SpeechError.self) {
            try await speaker.speak(SpokenText(Self.text)) { _ in
                Issue.record("nothing was to be played")
                return RecordingSink()
            }
        }
        #expect(error?.kind == kind)
    }

    @Test("asks for a plainer format where the account has no better one")
    func formats() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink()
        let chosen = Mutex<[AudioFormat]>([])
        let speaker = try Self.speaker(voice, key: "small")
        try await speaker.speak(SpokenText(Self.text)) { format in
            chosen.withLock { $0.append(format) }
            return sink
        }
        #expect(chosen.withLock { $0 } == [.compressed])
        #expect(voice.requests.map(\.query).allSatisfy { $0.contains("output_format=") })
        #expect(voice.requests[0].query.contains("pcm_24000"))
        #expect(voice.requests.dropFirst().allSatisfy { $0.query.contains("mp3_44100_128") })
        #expect(sink.bytes == Self.sentences.flatMap(ScriptedVoice.sound))
    }

    @Test("asks again when its own request was in the way")
    func ownRequest() async throws {
        let transport = ScriptedTransport { _, number in
            number == 1 ? Self.refusal("concurrent_limit_exceeded") : .init(200, text: "sound!")
        }
        let sink = RecordingSink()
        let spoken = try await Self.speaker(transport).speak(SpokenText(Self.text)) { _ in sink }
        #expect(spoken.sentences == 4)
        #expect(transport.requests.count == 5)
    }

    @Test("waits longer each time the service wants fewer requests, and then gives up")
    func backOff() async throws {
        let pauses = Mutex<[Duration]>([])
        let transport = ScriptedTransport([Self.refusal("rate_limit_exceeded")])
        let client = try SpeechClient(key: "k", transport: transport)
        let speaker = Speaker(
            client, request: SpeechRequest(voice: "v", text: ""), formats: [.raw]
        ) { pause in pauses.withLock { $0.append(pause) } }
        let error = await #expect(throws: SpeechError.self) {
            try await speaker.speak(SpokenText("Hello, all of you.")) { _ in RecordingSink() }
        }
        #expect(error?.kind == .rateLimit)
        #expect(pauses.withLock { $0 } == [.seconds(1), .seconds(2), .seconds(4)])
    }

    @Test("stops at an answer that is cut, silent or refused in the middle of a text")
    func broken() async throws {
        let answers: [(ScriptedTransport.Answer, SpeechError.Kind)] = [
            (.init(200, steps: [.bytes([1, 2]), .fail(.cut)]), .connection(.cut)),
            (.init(200, text: ""), .notAudio), (Self.refusal("quota_exceeded"), .quota),
            (.failure(.cut), .connection(.cut)),
        ]
        for (answer, kind) in answers {
            let transport = ScriptedTransport { _, number in
                number == 1 ? answer : .init(200, text: "sound!")
            }
            let sink = RecordingSink()
            let error = await #expect(throws: SpeechError.self) {
                try await Self.speaker(transport).speak(SpokenText(Self.text)) { _ in sink }
            }
            #expect(error?.kind == kind)
            #expect(Array(sink.bytes.prefix(6)) == Array("sound!".utf8))
            #expect(sink.stops == 1 && sink.finishes == 0)
        }
    }

    @Test("keeps samples whole when an answer ends in the middle of one")
    func halfSample() async throws {
        let transport = ScriptedTransport([.init(200, text: "odd")])
        let sink = RecordingSink()
        try await Self.speaker(transport).speak(SpokenText(Self.text)) { _ in sink }
        #expect(sink.bytes.count == 16)
        #expect(Array(sink.bytes.prefix(4)) == Array("odd".utf8) + [0])
    }

    @Test("takes no request id that could not be sent back")
    func hostileID() async throws {
        let transport = ScriptedTransport([
            .init(200, headers: [("request-id", String(repeating: "x", count: 5_000))], text: "ab")
        ])
        let spoken = try await Self.speaker(transport).speak(SpokenText(Self.text)) { _ in
            RecordingSink()
        }
        #expect(spoken.sentences == 4)
        for request in transport.requests { #expect(request.body.count < 600) }
    }

    @Test("speaks nothing where nothing is to be spoken")
    func nothing() async throws {
        let voice = try ScriptedVoice()
        let spoken = try await Self.speaker(voice).speak(SpokenText("---\n")) { _ in
            RecordingSink()
        }
        #expect(spoken.sentences == 0 && spoken.bytes == 0)
        #expect(voice.requests.isEmpty)
    }

    @Test("that cannot play ends its request")
    func sinkFailure() async throws {
        let voice = try ScriptedVoice()
        let sink = RecordingSink(failure: SpeechError(.player, "no sound card"))
        let error = await #expect(throws: SpeechError.self) {
            try await Self.speaker(voice).speak(SpokenText(Self.text)) { _ in sink }
        }
        #expect(error?.kind == .player)
        #expect(sink.stops == 1)
    }

    private static func refusal(_ code: String) -> ScriptedTransport.Answer {
        .init(429, text: #"{"detail":{"status":"\#(code)","message":"m"}}"#)
    }

    private static func speaker(_ transport: any HTTPTransport) throws -> Speaker {
        Speaker(
            try SpeechClient(key: "k", transport: transport),
            request: SpeechRequest(voice: "v", text: ""), formats: [.raw, .compressed])
    }

    private static func speaker(
        _ voice: ScriptedVoice, key: String = "k", voiceID: String = "v"
    ) throws -> Speaker {
        let client = try SpeechClient(
            baseURL: voice.url, key: key, transport: AsyncHTTPTransport.shared)
        return Speaker(
            client, request: SpeechRequest(voice: voiceID, text: ""), formats: [.raw, .compressed])
    }
}
