import TestSupport
import Testing

@Suite("The choice of the model, by the program") struct ModelChoiceTests {
    /// Who answered, by what it says.
    private static func named(_ name: String, models: [String]? = nil) throws -> ScriptedChat {
        try ScriptedChat(models: models ?? [name], saying: [name])
    }

    @Test("takes the server of the option, then of the environment, then of the configuration")
    func servers() async throws {
        let home = try ProgramHome()
        let option = try Self.named("option")
        let variable = try Self.named("variable")
        let file = try Self.named("file")
        let openAI = try Self.named("openai")
        try home.configure("model: { url: '\(file.url)', discovery: false }")
        let hosted = ["OPENAI_BASE_URL": openAI.url]
        let both = ["SWITCHBOARD_MODEL_URL": variable.url, "OPENAI_BASE_URL": openAI.url]
        let first = try await home.run(
            "ask", "--model-url", option.url, "hi", environment: both)
        #expect(first.output == "option\n")
        #expect(try await home.run("ask", "hi", environment: both).output == "variable\n")
        #expect(try await home.run("ask", "hi", environment: hosted).output == "file\n")
        try home.configure("model: { discovery: false }")
        #expect(try await home.run("ask", "hi", environment: hosted).output == "openai\n")
        let empty = ["OPENAI_BASE_URL": "", "SWITCHBOARD_MODEL_URL": "", "OPENAI_API_KEY": ""]
        let guide = try await home.run("ask", "hello", environment: empty)
        #expect(guide.output.contains("Guide"))
    }

    @Test(
        "takes the model of the option, then of the environment, the configuration, the assistant")
    func models() async throws {
        let home = try ProgramHome()
        let chat = try Self.named("chat", models: ["first", "own", "file", "variable", "option"])
        try await home.run("assistants", "create", "--name", "Own", "--model", "own").succeeded()
        let ask = ["ask", "--model-url", chat.url, "--assistant", "Own", "hi"]
        let variable = ["SWITCHBOARD_MODEL": "variable"]
        try home.configure("model: { name: file, discovery: false }")
        try await home.start(ask + ["--model", "option"], environment: variable).result()
            .succeeded()
        try await home.start(ask, environment: variable).result().succeeded()
        try await home.start(ask).result().succeeded()
        try home.configure("model: { discovery: false }")
        try await home.start(ask).result().succeeded()
        try await home.run("ask", "--model-url", chat.url, "hi").succeeded()
        #expect(chat.questions.map(\.model) == ["option", "variable", "file", "own", "first"])
    }

    @Test("lists the models of the server that answers, with where it is") func list() async throws
    {
        let home = try ProgramHome()
        let chat = try Self.named("chat", models: ["one", "two"])
        let models = try await home.run("models", "--model-url", chat.url).succeeded()
        let place = chat.url.dropFirst("http://".count).dropLast("/v1".count)
        #expect(
            models.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) } == [
                ["one", "model server", place, ""], ["two", "model server", place, ""],
                ["guide", "built in", "this program", ""],
            ])
    }

    @Test("says why a server that was named offers no models") func noModels() async throws {
        let home = try ProgramHome()
        let own = try ScriptedChat(header: "X-Switchboard: 0.1.0") { _ in [] }
        let circle = try await home.run("models", "list", "--model-url", own.url)
        #expect(circle.status == 1)
        #expect(circle.errors.contains("circle"))
        let absent = try await home.run("models", "--model-url", "http://127.0.0.1:9/v1")
        #expect(absent.status == 1)
        #expect(absent.errors.contains("http://127.0.0.1:9/v1 lists no models"))
        #expect(absent.lines.count == 1, "Guide is there all the same")
    }

    @Test("asks a server at most ten times for the first answer") func requests() async throws {
        let home = try ProgramHome()
        let chat = try Self.named("answer")
        try await home.run("ask", "--model-url", chat.url, "hi").succeeded()
        #expect(chat.questions.count == 1)
        #expect(chat.requestCount <= 10)
    }

    @Test(
        "refuses this program's own server, however it was named",
        arguments: ["--model-url", "SWITCHBOARD_MODEL_URL", "OPENAI_BASE_URL", "configuration"])
    func circle(way: String) async throws {
        let home = try ProgramHome()
        let own = try ScriptedChat(header: "X-Switchboard: 0.1.0") { _ in .chat(["circle"]) }
        var arguments = ["ask", "hi"]
        var environment: [String: String] = [:]
        switch way {
        case "--model-url": arguments += [way, own.url]
        case "configuration": try home.configure("model: { url: '\(own.url)', discovery: false }")
        default: environment[way] = own.url
        }
        let result = try await home.start(arguments, environment: environment).result()
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors.contains("circle"))
        #expect(own.questions.isEmpty)
    }

    @Test(
        "is a usage error when the address of the option is none",
        arguments: [
            "localhost:8080", "ftp://host", "http://", "http://user:word@host/v1", "http://a b",
        ])
    func address(url: String) async throws {
        let home = try ProgramHome()
        let result = try await home.run("ask", "--model-url", url, "hi")
        #expect(result.status == 2)
        #expect(result.errors.contains("--model-url"))
    }
}

@Suite("A key") struct ModelKeyTests {
    private static let key = "sk-canary-6f1d"

    @Test("goes to the server it is for, and to no other") func ownHost() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["yes"])
        let other = try ScriptedChat(saying: ["yes"])
        let bearer = "Bearer \(Self.key)"
        let openAI = ["OPENAI_API_KEY": Self.key, "OPENAI_BASE_URL": chat.url]
        try await home.run("ask", "hi", environment: openAI).succeeded()
        #expect(chat.authorizations == [bearer])
        try await home.run("ask", "--model-url", other.url, "hi", environment: openAI).succeeded()
        #expect(other.authorizations == [])

        let named = ["SWITCHBOARD_MODEL_KEY": "sk-second"]
        try await home.run("ask", "--model-url", other.url, "hi", environment: named).succeeded()
        #expect(other.authorizations == ["Bearer sk-second"])
        let hosted = named.merging(openAI) { $1 }
        try await home.run("ask", "hi", environment: hosted).succeeded()
        #expect(chat.authorizations == [bearer])
    }

    @Test("of the server in the environment is not sent to the one of an option") func optionHost()
        async throws
    {
        let home = try ProgramHome()
        let (usual, other) = try (ScriptedChat(saying: ["a"]), ScriptedChat(saying: ["b"]))
        let environment = [
            "SWITCHBOARD_MODEL_URL": usual.url, "SWITCHBOARD_MODEL_KEY": Self.key,
        ]
        let result = try await home.run(
            "ask", "--model-url", other.url, "hi", environment: environment)
        #expect(result.output == "b\n")
        #expect(other.authorizations == [])
        try await home.run("ask", "hi", environment: environment).succeeded()
        #expect(usual.authorizations == ["Bearer \(Self.key)"])
    }

    @Test("does not follow a redirection to another host") func redirection() async throws {
        let home = try ProgramHome()
        let thief = try ScriptedChat(saying: ["stolen"])
        let chat = try ScriptedChat { _ in
            .answer(307, headers: ["Location: \(thief.url)/chat/completions"], "")
        }
        let result = try await home.run(
            "ask", "--model-url", chat.url, "hi", environment: ["SWITCHBOARD_MODEL_KEY": Self.key])
        #expect(thief.authorizations == [])
        #expect(result.output != "stolen\n" || thief.authorizations == [])
    }

    @Test("is in no file, no output and no error, also when a server repeats it") func canary()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.messages.count == 1
                ? .chat(["fine"])
                : .answer(
                    401, #"{"error":{"message":"Incorrect API key provided: \#(Self.key)"}}"#)
        }
        let environment = [
            "SWITCHBOARD_MODEL_KEY": Self.key, "OPENAI_API_KEY": Self.key + "-openai",
        ]
        let options = [
            "--model-url", chat.url, "--record", home.path + "/record", "--trace",
            home.path + "/trace",
        ]
        let first = try await home.start(["ask", "hi"] + options, environment: environment)
            .result().succeeded()
        let thread = try await home.run("threads", "list").lines[0].prefix { $0 != "\t" }
        let second = try await home.start(
            ["ask", "--thread", String(thread), "hi"] + options, environment: environment
        ).result()
        #expect(second.status == 1)
        #expect(second.errors.contains("Incorrect API key provided: …"))
        let doctor = try await home.start(
            ["doctor", "--report", "--model-url", chat.url], environment: environment
        ).result()
        for result in [first, second, doctor] {
            #expect(!(result.output + result.errors).contains(Self.key))
        }
        #expect(!doctor.output.contains(home.path))
        for (name, bytes) in try home.files() {
            #expect(bytes.firstRange(of: Array(Self.key.utf8)) == nil, "in \(name)")
        }
    }
}
