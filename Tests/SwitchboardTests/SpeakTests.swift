import TestSupport
import Testing
import Wire

@Suite("Speaking from the command line") struct SpeakTests {
    private static let key = ["ELEVENLABS_API_KEY": "k"]

    /// A home whose speech service is the scripted one; the player keeps what it gets.
    private static func home(_ voice: ScriptedVoice, _ more: String = "") throws -> ProgramHome {
        let home = try ProgramHome()
        let script = try home.write("env > \"$1.env\"; cat > \"$1\"\n", to: "player")
        try home.configure(
            "speech:\n  url: \(voice.url)\n  player: sh \(script) \(home.path)/heard\n" + more)
        return home
    }

    @Test("plays every byte of every sentence, in order") func plays() async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice, "  stability: 0.25\n  dictionaries: d1@v1\n")
        let text = "This is the *first* sentence. The second one has `code` and ends here."
        let result = try await home.run("speak", text, environment: Self.key).succeeded()
        #expect(result.output == "" && result.errors == "")
        let sentences = ["This is the first sentence.", "The second one has code and ends here."]
        #expect(voice.texts == sentences)
        #expect(try home.files()["heard"] == sentences.flatMap(ScriptedVoice.sound))
        let environment = try #require(try home.files()["heard.env"])
        #expect(!String(decoding: environment, as: UTF8.self).contains("ELEVENLABS_API_KEY"))
        let request = try #require(voice.requests.first)
        #expect(request.json["voice_settings"] == ["stability": 0.25])
        #expect(request.json["model_id"] == "eleven_flash_v2_5")
        #expect(
            request.json["pronunciation_dictionary_locators"]
                == [["pronunciation_dictionary_id": "d1", "version_id": "v1"]])
    }

    @Test("begins before the last of standard input is there") func streams() async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice)
        // The end is written once the player was heard to have all of the beginning.
        let program = try home.startShell(
            "export ELEVENLABS_API_KEY=k; { printf 'This is the first sentence. Th'; "
                + "while [ \"$(wc -c < \(home.path)/heard 2> /dev/null || echo 0)\" -lt "
                + "\(27 * ScriptedVoice.bytesPerCharacter) ]; do :; done; "
                + "printf 'e second is the last.'; } | $switchboard speak -")
        let result = await program.result()
        #expect(result.status == 0, "\(result)")
        #expect(voice.texts == ["This is the first sentence.", "The second is the last."])
        #expect(try home.files()["heard"] == voice.texts.flatMap(ScriptedVoice.sound))
    }

    @Test("saves to a file or standard output, with the voice, model and format that are named")
    func saves() async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice)
        let path = home.path + "/out.mp3"
        _ = try await home.run(
            "speak", "--voice", "v9", "--model", "eleven_v3", "--format", "mp3_44100_64", "--out",
            path, "Hello, all of you.", environment: Self.key
        ).succeeded()
        #expect(try home.files()["out.mp3"] == ScriptedVoice.sound("Hello, all of you."))
        let piped = try await home.run(
            "speak", "--out", "-", "Hello, all of you.", environment: Self.key
        ).succeeded()
        #expect(piped.outputBytes == ScriptedVoice.sound("Hello, all of you."))
        #expect(voice.requests.map(\.voice) == ["v9", "JBFqnCBsd6RMkjVDRZzb"])
        #expect(
            voice.requests.map(\.query)
                == ["output_format=mp3_44100_64", "output_format=mp3_44100_128"])
        #expect(voice.requests[0].json["model_id"] == "eleven_v3")
        #expect(try home.files()["heard"] == nil)
    }

    @Test(
        "says in one sentence why it cannot, with exit code 1",
        arguments: [
            ([:], [], "export ELEVENLABS_API_KEY"),
            (["ELEVENLABS_API_KEY": "bad"], [], "does not know the key"),
            (["ELEVENLABS_API_KEY": "poor"], [], "used up (You have 0 credits remaining)"),
            (key, ["--voice", "nobody"], "switchboard voices lists them"),
            (key, ["--voice", "busy"], "Too many texts"),
            (key, ["--voice", "../x"], "voice_id is ../x. Allowed:"),
            (key, ["--out", "/no/such/folder/x"], "/no/such/folder/x could not be written"),
            (key, ["--out", "/dev/full"], "No space left"),
        ] as [([String: String], [String], String)])
    func failures(environment: [String: String], options: [String], says: String) async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice)
        let result = try await home.start(
            ["speak"] + options + ["Hello, all of you."], environment: environment
        ).result()
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains(says), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result)")
        #expect(!result.errors.contains("bad"), "the key is never shown")
    }

    @Test("says that no player is there, that the one there failed, and that nothing was said")
    func players() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        try home.configure("speech:\n  url: \(voice.url)\n")
        let environment = Self.key.merging(["PATH": home.path]) { $1 }
        let none = try await home.run("speak", "Hello, all of you.", environment: environment)
        #expect(none.status == 1 && none.errors.contains("Install one of pw-cat"), "\(none)")
        #expect(voice.requests.isEmpty, "nothing is paid for that cannot be heard")
        try home.configure("speech:\n  url: \(voice.url)\n  player: sh -c 'exit'\n")
        let script = try home.write("echo no sound card >&2; exit 1\n", to: "player")
        try home.configure("speech:\n  url: \(voice.url)\n  player: sh \(script)\n")
        let failed = try await home.run("speak", "Hello, all of you.", environment: Self.key)
        #expect(failed.status == 1 && failed.errors.contains("no sound card"), "\(failed)")
        let silent = try await home.run("speak", "* * *", environment: Self.key)
        #expect(silent.status == 1 && silent.errors.contains("nothing in the text"), "\(silent)")
        let format = try await home.run("speak", "--format", "wav", "hi", environment: Self.key)
        #expect(format.status == 2 && format.errors.contains("mp3_44100_128"), "\(format)")
    }

    @Test("ends at once when it is interrupted, with its connection and its player")
    func interrupted() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        let script = try home.write("echo $$ > \"$1\"; cat > /dev/null\n", to: "player")
        try home.configure(
            "speech:\n  url: \(voice.url)\n  voice: endless\n"
                + "  player: sh \(script) \(home.path)/player.id\n")
        let program = try home.start(["speak", "It never ends."], environment: Self.key)
        await voice.waitForRequests()
        program.signal(2)
        for await event in voice.server.events where event == .closedByClient { break }
        let result = await program.result()
        #expect(result.status == 130, "\(result)")
        #expect(result.errors == "")
        if let bytes = try home.files()["player.id"] {
            let id = String(decoding: bytes, as: UTF8.self).filter(\.isNumber)
            // What was killed may take its time to be gone.
            let left = try await home.shell(
                "timeout 30 sh -c 'while test -e /proc/\(id)/fd/0; do :; done' || echo left")
            #expect(left.output == "")
        }
    }

    @Test("ends when it is interrupted, though nobody takes its sound") func stalled() async throws
    {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        try home.configure("speech:\n  url: \(voice.url)\n  voice: endless\n")
        // The reader opens the pipe and never reads it.
        let program = try home.startShell(
            "export ELEVENLABS_API_KEY=k; mkfifo \(home.path)/pipe; exec 7<>\(home.path)/pipe; "
                + "head -c 65536 /dev/zero > \(home.path)/pipe; "
                + "$switchboard speak --out - 'It never ends.' > \(home.path)/pipe & "
                + "echo $!; wait $!; echo $?"
        )
        _ = await program.wait(for: "\n")
        await voice.waitForRequests()
        let id = try #require(program.sofar.lines.first)
        _ = try await home.shell("kill -15 \(id)")
        let result = await program.result()
        #expect(result.lines.last == "130", "\(result)")
    }

    @Test("says that more was to be read than is spoken") func tooLong() async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice)
        let result = try await home.startShell(
            "export ELEVENLABS_API_KEY=k; { echo Hello.; yes '' | head -c 5000000; } | "
                + "$switchboard speak -"
        ).result()
        #expect(result.status == 1 && result.errors.contains("longer than 4 MiB"), "\(result)")
    }

    @Test("lists the voices, page after page, as harmless text") func voices() async throws {
        let voice = try ScriptedVoice()
        let home = try Self.home(voice)
        let result = try await home.run("voices", environment: Self.key).succeeded()
        #expect(result.lines.map { $0.split(separator: "\t").first } == ["v1", "v2"])
        #expect(result.lines[0] == "v1\tGeorge\tpremade\tBritish, male")
        #expect(!result.output.contains("\u{1B}"))
        let refused = try await home.run("voices", environment: ["ELEVENLABS_API_KEY": "bad"])
        #expect(refused.status == 1 && refused.errors.contains("does not know the key"))
        let none = try await home.run("voices")
        #expect(none.status == 1 && none.errors.contains("ELEVENLABS_API_KEY"))
    }
}
