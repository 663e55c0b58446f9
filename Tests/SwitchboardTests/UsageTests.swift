import TestSupport
import Testing

@Suite("The command line") struct UsageTests {
    @Test(
        "is a usage error when it cannot be meant, with exit code 2",
        arguments: [
            ["ask"], ["ask", ""], ["ask", "--no-such-option", "hi"], ["ask", "--thread"],
            ["frobnicate"], ["threads", "frobnicate"], ["threads", "show"],
            ["threads", "edit", "x"],
            ["threads", "list", "--limit", "0"], ["threads", "list", "--limit", "many"],
            ["assistants", "create"], ["assistants", "edit", "Guide"],
            ["assistants", "create", "--name", "A", "--temperature", "warm"],
            ["ask", "--data", "", "hi"], ["speak"], ["speak", " "], ["speak", "--out", "", "hi"],
        ])
    func usage(arguments: [String]) async throws {
        let home = try ProgramHome()
        let result = try await home.start(arguments).result()
        #expect(result.status == 2, "\(result)")
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("Error: "))
        #expect(result.errors.contains("Usage: switchboard"))
        #expect(try home.files().keys.allSatisfy { $0.hasPrefix("config") }, "nothing was made")
    }

    @Test("says its version and its help on standard output") func help() async throws {
        let home = try ProgramHome()
        let version = try await home.run("--version").succeeded()
        #expect(version.lines.count == 1)
        for arguments in [["--help"], ["ask", "--help"], ["threads", "--help"]] {
            let help = try await home.start(arguments).result().succeeded()
            #expect(help.output.contains("USAGE: switchboard"))
        }
        #expect(try home.files().keys.allSatisfy { $0.hasPrefix("config") }, "nothing was made")
    }

    @Test(
        "fails with exit code 1 when something is not there",
        arguments: [
            (["threads", "show", "thread_x"], "thread_x"),
            (["threads", "export", "thread_x"], "thread_x"),
            (["threads", "delete", "thread_x"], "thread_x"),
            (["ask", "--thread", "thread_x", "hi"], "thread_x"),
            (["ask", "--assistant", "Nobody", "hi"], "There is no assistant Nobody"),
            (["assistants", "show", "Nobody"], "There is no assistant Nobody"),
            (["assistants", "delete", "guide"], "built in"),
            (["assistants", "create", "--name", "A", "--temperature", "9"], "temperature"),
            (["assistants", "create", "--name", "A", "--tools", "/no/such/file"], "/no/such/file"),
            (["ask", "--record", "/no/such/file", "hello"], "/no/such/file"),
            (["ask", "-"], "Standard input held no question"),
        ] as [([String], String)])
    func failure(arguments: [String], says: String) async throws {
        let home = try ProgramHome()
        let result = try await home.start(arguments).result()
        #expect(result.status == (says.hasPrefix("Standard") ? 2 : 1), "\(result)")
        #expect(result.output == "")
        #expect(result.errors.contains(says), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result)")
    }

    @Test("names file, line and what is allowed when the configuration is broken")
    func configuration() async throws {
        let home = try ProgramHome()
        try home.configure("model:\n  discovery: false\n  colour: red\nlayout: round\n")
        for arguments in [["ask", "hello"], ["threads", "list"], ["models"], ["doctor"]] {
            let result = try await home.start(arguments).result()
            #expect(result.status == 1)
            let said = result.output + result.errors
            #expect(said.contains(home.configuration + ":3:"), "\(said)")
            #expect(said.contains(home.configuration + ":4:"), "\(said)")
            #expect(said.contains("band"), "\(said)")
        }
        let missing = try await home.run("ask", "--config", home.path + "/none", "hello")
        #expect(missing.status == 1)
        #expect(missing.errors.contains(home.path + "/none: There is no such file."))
        let none = try await home.run(
            "models", "--config", try home.write("model: { discovery: false }", to: "other"))
        #expect(none.status == 0)
    }

    @Test("names the line that is wrong in a file of tools") func tools() async throws {
        let home = try ProgramHome()
        for (text, says) in [
            ("[\n\n{]", ":3: This is not JSON"), ("{}", "a list of tools"),
            (#"[{"type":"function"}]"#, "Tool 1 is none"),
        ] {
            let file = try home.write(text, to: "tools.json")
            let result = try await home.run("assistants", "create", "--name", "A", "--tools", file)
            #expect(result.status == 1)
            #expect(result.errors.contains(file), "\(result)")
            #expect(result.errors.contains(says), "\(result)")
        }
    }

    @Test("doctor says what is there, and what to do about what is not") func doctor() async throws
    {
        let home = try ProgramHome()
        let bare = try await home.run("doctor", environment: ["TERM": "dumb", "LC_ALL": "C"])
        #expect(bare.status == 0, "\(bare)")
        for text in ["TERM is dumb", "C.UTF-8", "made at the first start", "none but the built-in"]
        {
            #expect(bare.output.contains(text), "\(bare)")
        }
        let chat = try ScriptedChat(models: ["a", "b"], saying: [])
        let theme = try home.write("name: x\nstyles:\n  chat.nobody: red\n", to: "my.yaml")
        let named = try await home.run(
            "doctor", "--report", "--model-url", chat.url, "--theme", theme)
        #expect(named.output.contains("2 models"), "\(named)")
        #expect(named.output.contains("~/my.yaml:3:"), "\(named)")
        #expect(!named.output.contains(home.path), "\(named)")
    }

    @Test("doctor says whether answers can be spoken, and never shows the key")
    func doctorOnSpeech() async throws {
        let home = try ProgramHome()
        let bare = try await home.run("doctor", environment: ["PATH": home.path])
        #expect(bare.output.contains("– player"), "\(bare)")
        #expect(bare.output.contains("mpg123"), "\(bare)")
        #expect(bare.output.contains("– speech"), "\(bare)")
        let player = try home.write("#!/bin/sh\n", to: "bin/aplay")
        _ = try await home.shell("chmod +x \(player)")
        let ready = try await home.run(
            "doctor", environment: ["PATH": home.path + "/bin", "ELEVENLABS_API_KEY": "secret-1"])
        #expect(ready.output.contains("aplay for pcm_24000"), "\(ready)")
        #expect(ready.output.contains("✓ speech"), "\(ready)")
        #expect(!ready.output.contains("secret-1"), "\(ready)")
        try home.configure("speech:\n  player: /no/such/player -q\n")
        let chosen = try await home.run("doctor")
        #expect(chosen.output.contains("/no/such/player is not there"), "\(chosen)")
    }
}
