import Settings
import Testing

@Suite("The speech section of a configuration file")
struct SpeechSettingsTests {
    @Test("gives every value it sets")
    func values() throws {
        let text = """
            speech:
              url: https://speech.example.org
              voice: v1
              model: eleven_v3
              language: de
              format: mp3_44100_64
              player: aplay -q
              stability: 0.5
              similarity: 1
              style: 0
              speaker-boost: true
              speed: 1.2
              seed: 4294967295
              latency: 4
              normalization: off
              language-normalization: true
              instant-clone: false
              logging: false
              dictionaries: [d1@v1, d2]
            """
        let speech = try ConfigurationFile(bytes: Array(text.utf8), file: "config.yaml").speech
        var expected = SpeechSettings()
        expected.url = "https://speech.example.org"
        (expected.voice, expected.model, expected.language) = ("v1", "eleven_v3", "de")
        (expected.format, expected.player) = ("mp3_44100_64", "aplay -q")
        (expected.stability, expected.similarity, expected.style) = (0.5, 1, 0)
        (expected.speakerBoost, expected.speed) = (true, 1.2)
        (expected.seed, expected.latency) = (4_294_967_295, 4)
        expected.normalization = .off
        (expected.normalizesLanguage, expected.usesInstantClone) = (true, false)
        expected.logging = false
        expected.dictionaries = ["d1@v1", "d2"]
        #expect(speech == expected)
    }

    @Test(
        "names what is not allowed, with its line",
        arguments: [
            ("stability: 123", "“123” cannot be the value of “stability”."),
            ("similarity: -0.1", "Allowed: a number from 0.0 to 1.0."),
            ("style: nan", "“nan” cannot be the value of “style”."),
            ("speed: 2", "Allowed: a number from 0.7 to 1.2."),
            ("seed: 4294967296", "Allowed: a whole number from 0 to 4294967295."),
            ("latency: 5", "Allowed: a whole number from 0 to 4."),
            ("url: ftp://h", "Allowed: http://HOST"),
            ("normalization: maybe", "Allowed: auto, on, off."),
            ("dictionaries: [a, b, c, d]", "Allowed: at most 3 names"),
            ("dictionaries: [[a]]", "Allowed: at most 3 names"),
            ("dictionaries: \"a b\"", "Allowed: at most 3 names"),
            ("key: xi-secret", "set ELEVENLABS_API_KEY in the environment"),
        ])
    func problems(line: String, says: String) throws {
        let text = "theme: dark\nspeech:\n  \(line)\n"
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile(bytes: Array(text.utf8), file: "config.yaml")
        }
        let problems = error?.problems ?? []
        #expect(problems.count == 1 && problems.first?.line == 3, "\(problems)")
        #expect("\(problems)".contains(says), "\(problems)")
        #expect(!"\(problems)".contains("xi-secret"))
    }
}
