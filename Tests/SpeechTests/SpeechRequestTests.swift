import Speech
import TestSupport
import Testing
import Transport
import Wire

@Suite("A request for speech")
struct SpeechRequestTests {
    @Test("says everything it holds, by the service's names")
    func fields() async throws {
        let transport = ScriptedTransport([.init(200, text: "sound")])
        let client = try SpeechClient(baseURL: "http://h/", key: "k-1", transport: transport)
        let answer = try await client.speak(Self.full)
        #expect(try await answer.audio.collect(upTo: 100) == Array("sound".utf8))
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(
            request.url == "http://h/v1/text-to-speech/voice_1/stream"
                + "?output_format=mp3_44100_64&optimize_streaming_latency=3&enable_logging=false")
        #expect(request.header("xi-api-key") == "k-1")
        #expect(request.header("content-type") == "application/json")
        let expected: JSONValue = [
            "text": "Hello \"you\"", "model_id": "eleven_multilingual_v2", "language_code": "en",
            "voice_settings": [
                "stability": 0.5, "similarity_boost": 1.0, "style": 0.0,
                "use_speaker_boost": true, "speed": 1.2,
            ],
            "pronunciation_dictionary_locators": [
                ["pronunciation_dictionary_id": "d1", "version_id": "v1"],
                ["pronunciation_dictionary_id": "d2"],
            ],
            "seed": 4_294_967_295, "previous_text": "before", "next_text": "after",
            "previous_request_ids": ["a", "b", "c"], "next_request_ids": ["d"],
            "apply_text_normalization": "off", "apply_language_text_normalization": true,
            "use_pvc_as_ivc": false,
        ]
        #expect(try JSONValue(parsing: request.body) == expected)
    }

    @Test("that says nothing of a field leaves it out")
    func bare() async throws {
        let transport = ScriptedTransport([.init(200, text: "s")])
        let client = try SpeechClient(key: "k", transport: transport)
        _ = try await client.speak(SpeechRequest(voice: "v", text: "Hi"))
        let request = try #require(transport.requests.first)
        #expect(
            request.url
                == "https://api.elevenlabs.io/v1/text-to-speech/v/stream?output_format=pcm_24000")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"text":"Hi"}"#)
    }

    /// A change that the service would refuse, and the field it is about.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var name: String
        var change: @Sendable (inout SpeechRequest) -> Void
        var testDescription: String { name }
    }

    static let wrong: [Wrong] = [
        // The seed's sample sends 123 for these three.
        Wrong(name: "voice_settings.stability") { $0.settings.stability = 123 },
        Wrong(name: "voice_settings.similarity_boost") { $0.settings.similarity = 123 },
        Wrong(name: "voice_settings.style") { $0.settings.style = 123 },
        Wrong(name: "voice_settings.style") { $0.settings.style = -0.01 },
        Wrong(name: "voice_settings.stability") { $0.settings.stability = .nan },
        Wrong(name: "voice_settings.speed") { $0.settings.speed = 0.69 },
        Wrong(name: "voice_settings.speed") { $0.settings.speed = 1.21 },
        Wrong(name: "seed") { $0.seed = -1 },
        Wrong(name: "seed") { $0.seed = 4_294_967_296 },
        Wrong(name: "optimize_streaming_latency") { $0.latency = 5 },
        Wrong(name: "pronunciation_dictionary_locators") {
            $0.dictionaries = (0..<4).map { PronunciationDictionary(id: "d\($0)") }
        },
        Wrong(name: "pronunciation_dictionary_id") { $0.dictionaries = [.init(id: "")] },
        Wrong(name: "version_id") { $0.dictionaries = [.init(id: "d", version: "a b")] },
        Wrong(name: "previous_request_ids") { $0.previousRequestIDs = ["1", "2", "3", "4"] },
        Wrong(name: "next_request_ids") { $0.nextRequestIDs = ["1", "2", "3", "4"] },
        Wrong(name: "voice_id") { $0.voice = "" },
        Wrong(name: "voice_id") { $0.voice = "../voices" },
        Wrong(name: "voice_id") { $0.voice = "v?x=1" },
        Wrong(name: "voice_id") { $0.voice = ".." },
        Wrong(name: "model_id") { $0.model = "m\r\nx: y" },
        Wrong(name: "language_code") { $0.language = "d e" },
        Wrong(name: "text") { $0.text = " \n" },
        Wrong(name: "text") { $0.text = String(repeating: "x", count: 40_001) },
    ]

    @Test(
        "with a value that is not allowed is refused by name before anything is sent",
        arguments: wrong)
    func refused(wrong: Wrong) async throws {
        let transport = ScriptedTransport([.init(200, text: "s")])
        let client = try SpeechClient(key: "k", transport: transport)
        var request = Self.full
        wrong.change(&request)
        let error = await #expect(throws: SpeechError.self) { try await client.speak(request) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.hasPrefix(wrong.name + " is ") == true, "\(error?.message ?? "")")
        #expect(transport.requests.isEmpty)
    }

    @Test(
        "needs a key that can be one", arguments: [nil, "", "a b", "k\r\nx: y", "ä"] as [String?])
    func key(key: String?) {
        let transport = ScriptedTransport([.init(200, text: "s")])
        let error = #expect(throws: SpeechError.self) {
            try SpeechClient(key: key, transport: transport)
        }
        #expect(error?.kind == .noKey)
        #expect(error?.message.contains("ELEVENLABS_API_KEY") == true)
    }

    @Test("knows the formats of the service, and no others")
    func formats() throws {
        for name in AudioFormat.names { #expect(AudioFormat(name)?.name == name) }
        let mp3 = try #require(AudioFormat("mp3_44100_128"))
        #expect(mp3 == .compressed && mp3.codec == .mp3 && mp3.rate == 44_100)
        #expect(AudioFormat("ulaw_8000")?.codec == .ulaw)
        for name in ["", "mp3", "pcm_1", "PCM_24000", "pcm_24000&x=1"] {
            #expect(AudioFormat(name) == nil)
        }
    }

    private static var full: SpeechRequest {
        var request = SpeechRequest(voice: "voice_1", text: "Hello \"you\"")
        request.model = "eleven_multilingual_v2"
        request.language = "en"
        request.settings.stability = 0.5
        request.settings.similarity = 1
        request.settings.style = 0
        request.settings.speakerBoost = true
        request.settings.speed = 1.2
        request.dictionaries = [.init(id: "d1", version: "v1"), .init(id: "d2")]
        request.seed = 4_294_967_295
        request.previousText = "before"
        request.nextText = "after"
        request.previousRequestIDs = ["a", "b", "c"]
        request.nextRequestIDs = ["d"]
        request.normalization = .off
        request.normalizesLanguage = true
        request.usesInstantClone = false
        request.format = AudioFormat("mp3_44100_64") ?? .raw
        request.latency = 3
        request.logging = false
        return request
    }
}
