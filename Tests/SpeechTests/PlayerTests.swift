import FoundationEssentials
import Processes
import Speech
import TestSupport
import Testing
import Transport

@Suite("A player", .timeLimit(.minutes(1)))
struct PlayerTests {
    @Test("gets every byte of the sound, and is waited for")
    func bytes() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        let script = try home.write("cat > \"$1\"; echo done >> \"$1.end\"\n", to: "player")
        let heard = home.path + "/heard"
        var setup = Self.setup(voice)
        setup.player = Player(command: "sh \(script) \(heard)")
        try setup.check()
        let text = "This is the first sentence. The second one has a few more words than it."
        let spoken = try await setup.play(SpokenText(text))
        let expected = voice.texts.flatMap(ScriptedVoice.sound)
        #expect(spoken.bytes == expected.count)
        #expect(try home.files()["heard"] == expected)
        #expect(try home.files()["heard.end"] == Array("done\n".utf8))
    }

    @Test("that talks is listened to, so that it goes on") func talks() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        // More than a pipe holds, on both of its streams, before it reads anything.
        let script = try home.write(
            "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; cat > \"$1\"\n",
            to: "player")
        var setup = Self.setup(voice)
        setup.player = Player(command: "sh \(script) \(home.path)/heard")
        try await setup.play(SpokenText("This is the only sentence."))
        #expect(try home.files()["heard"] == voice.texts.flatMap(ScriptedVoice.sound))
    }

    @Test("is ended with all that it started when speaking is stopped")
    func stop() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        let script = try home.write(
            "sleep 1000 & echo $! > \"$1.new\"; mv \"$1.new\" \"$1\"; cat > /dev/null\n",
            to: "player")
        let started = home.path + "/started"
        var setup = Self.setup(voice)
        setup.request.voice = "endless"
        setup.player = Player(command: "sh \(script) \(started)")
        let speaking = Task { [setup] in try await setup.play(SpokenText("It never ends.")) }
        await voice.waitForRequests()
        var name: String?
        while name == nil, !Task.isCancelled {
            name = try? String(contentsOf: URL(filePath: started), encoding: .utf8)
            await Task.yield()
        }
        speaking.cancel()
        for await event in voice.server.events where event == .closedByClient { break }
        let error = await #expect(throws: SpeechError.self) { try await speaking.value }
        #expect(error?.kind == .stopped)
        let process = (name ?? "").filter(\.isNumber)
        var state = "?"
        while !["", "Z", "X"].contains(state), !Task.isCancelled {
            let stat = try? String(
                contentsOf: URL(filePath: "/proc/\(process)/stat"), encoding: .utf8)
            state =
                stat?.split(separator: ")").last?.split(separator: " ").first.map(String.init) ?? ""
            await Task.yield()
        }
    }

    @Test("that fails is named with the last thing it said")
    func failure() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        let script = try home.write(
            "echo first >&2; echo no sound card >&2; exit 1\n", to: "player")
        var setup = Self.setup(voice)
        setup.player = Player(command: "sh \(script)")
        let error = await #expect(throws: SpeechError.self) {
            try await setup.play(
                SpokenText(String(repeating: "A sentence of some length. ", count: 99)))
        }
        #expect(error?.kind == .player)
        #expect(error?.message.contains("no sound card") == true)
    }

    @Test("that is not there is named")
    func missing() async throws {
        let voice = try ScriptedVoice()
        var setup = Self.setup(voice)
        setup.player = Player(command: "/no/such/player")
        let error = await #expect(throws: SpeechError.self) {
            try await setup.play(SpokenText("Hello, all of you."))
        }
        #expect(error?.kind == .noPlayer)
        #expect(error?.message.contains("/no/such/player") == true)
    }

    @Test("is told the format it gets", arguments: Player.names)
    func formats(name: String) {
        let commands = AudioFormat.names.compactMap { AudioFormat($0) }.map { format in
            (format, Player.command(name, format))
        }
        for case (let format, let command?) in commands {
            #expect(command.first == name)
            let tellsRate = command.contains { $0.contains("\(format.rate)") }
            let isSelfDescribing = format.codec == .mp3 || format.codec == .opus
            #expect(tellsRate != isSelfDescribing, "\(command)")
        }
        #expect(commands.contains { $0.1 != nil })
    }

    @Test("of the file kind keeps every byte, and says when it cannot")
    func file() async throws {
        let voice = try ScriptedVoice()
        let home = try ProgramHome()
        let setup = Self.setup(voice)
        try await setup.write(SpokenText("Hello, all of you."), to: home.path + "/out.mp3")
        #expect(try home.files()["out.mp3"] == ScriptedVoice.sound("Hello, all of you."))
        #expect(voice.requests.first?.query == "output_format=mp3_44100_128")
        for path in ["/no/such/folder/x", "/dev/full"] {
            let error = await #expect(throws: SpeechError.self) {
                try await setup.write(SpokenText("Hello, all of you."), to: path)
            }
            #expect(error?.kind == .file)
            #expect(error?.message.contains(path) == true)
        }
    }

    private static func setup(_ voice: ScriptedVoice) -> SpeechSetup {
        var setup = SpeechSetup(transport: AsyncHTTPTransport.shared)
        setup.url = voice.url
        setup.key = "k"
        return setup
    }
}
