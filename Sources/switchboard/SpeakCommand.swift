import ArgumentParser
import Dispatch
import Glibc
import Speech
import Synchronization

/// Speaks a text, while it is still being read.
struct SpeakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speak", abstract: "Speak a text through ElevenLabs, or save it as sound.",
        discussion: """
            The key is read from ELEVENLABS_API_KEY. --model names a model of the speech service. \
            With - the text is read from standard input and spoken while it comes.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("The voice; switchboard voices lists them.", valueName: "id"))
    var voice: String?

    @Option(
        help: ArgumentHelp(
            "The format of the sound, such as mp3_44100_128 or pcm_24000.", valueName: "name"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "Save the sound in a file instead of playing it; - is standard output.",
            valueName: "file"))
    var out: String?

    @Argument(help: "The text, Markdown or plain; - reads standard input.")
    var text: [String] = []

    func validate() throws {
        if text.joined().allSatisfy(\.isWhitespace) {
            throw ValidationError("What is to be spoken? Give it as text, or - to read it.")
        }
        if out?.isEmpty == true { throw ValidationError("--out is empty.") }
    }

    func run() async throws {
        let interruption = Interruption()
        let home = try Home(common)
        let setup = try home.speech(voice: voice, model: common.model, format: format)
        let spoken = SpokenText()
        let reading = Reading()
        if text == ["-"] {
            Self.read(into: spoken, reading)
        } else {
            spoken.append(text.joined(separator: " ").utf8)
            spoken.finish()
        }
        let out = out
        let work = Task { try await Self.speak(spoken, setup, out) }
        try await interruption.during {
            do {
                try await work.value
            } catch let error as SpeechError {
                throw Stop.failed(error.message)
            }
            if reading.isCut.withLock({ $0 }) { throw Input.tooLong("Standard input") }
        } onInterrupt: {
            work.cancel()
        }
    }

    private static func speak(
        _ text: SpokenText, _ setup: SpeechSetup, _ out: String?
    ) async throws(SpeechError) {
        let spoken: Speaker.Spoken
        if let out {
            spoken = try await setup.write(text, to: out)
        } else {
            try setup.check()
            spoken = try await setup.play(text)
        }
        if spoken.sentences == 0 {
            throw SpeechError(.invalid, "There is nothing in the text that can be spoken.")
        }
    }

    /// What became of reading. A class, because the thread that reads shares it.
    private final class Reading: Sendable {
        /// Whether there was more than the usual limit, which is not spoken.
        let isCut = Mutex(false)
    }

    /// Reads standard input up to the usual limit, and hands it on as it comes.
    private static func read(into text: SpokenText, _ reading: Reading) {
        // Who writes may take as long as they like: that is no wait for a thread of the tasks.
        DispatchQueue.global().async {
            var rest = Input.limit + 1
            var bytes = [UInt8](repeating: 0, count: 4096)
            while rest > 0 {
                let count = Glibc.read(STDIN_FILENO, &bytes, min(rest, bytes.count))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                rest -= count
                text.append(bytes[..<count])
            }
            if rest == 0 { reading.isCut.withLock { $0 = true } }
            text.finish()
        }
    }
}
