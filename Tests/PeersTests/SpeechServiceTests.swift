import FoundationEssentials
import TestSupport
import Testing
import Wire

/// Speech from a stand-in for the service, whose sound says which text it belongs to: a tone, as
/// long as the text, of a pitch that comes from it.
@Suite(
    "A speech service",
    .enabled(if: Fixture.isPresent && Peers.isPresent, "run Tests/Peers/prepare"))
struct SpeechServiceTests {
    private static let rate = 24_000
    private let home: ProgramHome
    private let server: Program
    private let url: String
    private let environment = ["ELEVENLABS_API_KEY": "k"]

    init() async throws {
        home = try ProgramHome()
        let folder = try #require(Peers.folder, "run Tests/Peers/prepare")
        let stub = try #require(Fixture.root) + "/servers/elevenlabs_stub.py"
        server = try Program(
            [folder + "/venv/bin/python", folder + "/speech_server.py", stub, home.path + "/log"],
            input: nil, environment: home.environment.merging(["PATH": "/usr/bin"]) { $1 },
            countsWrites: false)
        _ = await server.wait(for: "\n")
        url = String(try #require(server.sofar.lines.first).dropFirst("READY ".count))
        try home.configure("speech:\n  url: \(url)\n  voice: v1\n")
    }

    @Test("is heard sentence by sentence, in order and whole, before the text is complete")
    func growing() async throws {
        let sentences = [
            "The first of the sentences is this one, and it is short.",
            "The second one comes while the first is being heard already.",
            "The third was not written yet when the first sound came out.",
        ]
        // The last sentence is written once there is sound of the first.
        let program = try home.startShell(
            "export ELEVENLABS_API_KEY=k; { printf '\(sentences[0]) \(sentences[1]) Th'; "
                + "until [ -s \(home.path)/sound ]; do :; done; "
                + "printf '\(sentences[2].dropFirst(2))'; } | "
                + "$switchboard speak - --format pcm_24000 --out \(home.path)/sound")
        let result = await program.result()
        #expect(result.status == 0, "\(result)")
        let asked = try requests()
        #expect(asked.map { $0["body"]?["text"]?.stringValue } == sentences)
        #expect(asked.allSatisfy { $0["q"]?["output_format"] == "pcm_24000" })
        var samples = try Self.samples(#require(try home.files()["sound"]))[...]
        for sentence in sentences {
            // 60 ms for each character; the stand-in rounds to whole samples.
            let tone = samples.prefix(sentence.count * Self.rate * 60 / 1000)
            samples = samples.dropFirst(tone.count)
            let pitch = Double(300 + Self.checksum(sentence) % 500)
            #expect(abs(Self.pitch(of: tone) - pitch) < 3, "\(sentence)")
        }
        #expect(samples.count < 10)
    }

    @Test("gives the example what it gives the program that the example mirrors")
    func example() async throws {
        let text = "Hello, all of you."
        let printed = try await sample("printed")
        // What it prints is no sound: it names no key.
        #expect(printed.output.contains("missing_api_key"), "\(printed)")
        let theirs = try await sample("meant", "v1", text)
        let ours = try await example("v1", text, environment)
        #expect(ours.status == 0 && ours.errors == "")
        #expect(ours.outputBytes.count > 1000)
        #expect(ours.outputBytes == theirs.outputBytes, "\(theirs.errors)")
        let asked = try requests().suffix(2).compactMap { $0["body"] }
        #expect(asked.count == 2)
        #expect(try asked.map(fields) == Array(repeating: fields(asked[0]), count: 2))
        let refused = try await example("v1", text, [:])
        #expect(refused.status != 0 && refused.errors.contains("ELEVENLABS_API_KEY"))
    }

    private func sample(_ words: String...) async throws -> Program.Result {
        try await Peers.python(
            "speech_sample.py", [#require(Fixture.root) + "/seeds", url] + words,
            environment: home.environment.merging(environment) { $1 })
    }

    private func example(
        _ voice: String, _ text: String, _ key: [String: String]
    ) async throws -> Program.Result {
        let folder = URL(filePath: ProgramHome.program).deletingLastPathComponent().path
        let program = try Program(
            ["\(folder)/example-speech", voice, text], input: [],
            environment: home.environment.merging(key) { $1 }
                .merging(["ELEVENLABS_BASE_URL": url]) { $1 },
            countsWrites: false)
        return await program.result()
    }

    /// The fields of a body by name, those of the voice among them.
    private func fields(_ body: JSONValue) throws -> [String: JSONValue] {
        let settings = try #require(body["voice_settings"]?.objectValue)
        let own = try #require(body.objectValue).filter { $0.key != "voice_settings" }
        return Dictionary(uniqueKeysWithValues: (own + settings).map { ($0.key, $0.value) })
    }

    /// What the service was asked, in order.
    private func requests() throws -> [JSONValue] {
        try #require(try home.files()["log"]).split(separator: 0x0A).map {
            try JSONValue(parsing: $0)
        }
    }

    private static func samples(_ bytes: [UInt8]) -> [Int16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    /// Waves a second: a wave crosses zero upwards once.
    private static func pitch(of tone: ArraySlice<Int16>) -> Double {
        let crossings = zip(tone, tone.dropFirst()).count { $0 < 0 && $1 >= 0 }
        return Double(crossings) * Double(rate) / Double(max(1, tone.count))
    }

    /// The CRC-32 of a text, which the stand-in makes its pitch from.
    private static func checksum(_ text: String) -> UInt32 {
        ~text.utf8.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1
            }
        }
    }
}
