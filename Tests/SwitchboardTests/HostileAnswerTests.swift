import Assistants
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("A hostile answer", .enabled(if: Fixture.isPresent, "needs ../shared"))
struct HostileAnswerTests {
    /// All cases, whole and cut, each between two marks, as one answer.
    private struct Answer {
        var cases: [HostileCase] = []
        var steps: [LoopbackServer.Step] = .streamHead

        init() throws {
            for item in try HostileCase.all() {
                add(item)
                for cut in item.cuts { add(cut) }
            }
            steps += .chatEnd("stop")
        }

        private mutating func add(_ item: HostileCase) {
            steps += .delta("⟦\(cases.count)⟧")
            for piece in item.pieces { steps += .delta(bytes: piece) }
            steps += .delta("⟧\n")
            cases.append(item)
        }

        /// Whether every case can be read between its marks in what was printed.
        func expectShown(in printed: String) {
            var rest = printed[...]
            for (number, item) in cases.enumerated() {
                guard let start = rest.firstRange(of: "⟦\(number)⟧"),
                    let end = rest[start.upperBound...].firstRange(of: "⟧\n")
                else {
                    Issue.record("\(item.name): not printed")
                    return
                }
                let shown = rest[start.upperBound..<end.lowerBound]
                for text in item.shown where !shown.contains(text) {
                    Issue.record("\(item.name): \(text) is not shown")
                }
                rest = rest[end.upperBound...]
            }
        }
    }

    @Test("reaches neither a pipe nor a terminal unescaped") func text() async throws {
        let home = try ProgramHome()
        let answer = try Answer()
        #expect(answer.cases.count > 1500)
        let chat = try ScriptedChat { _ in answer.steps }
        let piped = try await home.run("ask", "--model-url", chat.url, "hi").succeeded()
        #expect(piped.outputBytes.forbidden() == nil)
        answer.expectShown(in: piped.output)

        let terminal = try PseudoTerminal(
            ProgramHome.program, ["ask", "--model-url", chat.url, "hi"],
            environment: home.environment)
        #expect(await terminal.waitForEnd(seconds: 60) == 0)
        #expect(terminal.output.forbidden(onTerminal: true) == nil)
        answer.expectShown(
            in: terminal.outputText.replacing("\r\n", with: "\n"))
    }

    @Test("reaches neither unescaped as JSON, from which the text can be read as it was")
    func json() async throws {
        let home = try ProgramHome()
        let answer = try Answer()
        let chat = try ScriptedChat { _ in answer.steps }
        let record = home.path + "/record"
        let piped = try await home.run(
            "ask", "--json", "--record", record, "--trace", home.path + "/trace", "--model-url",
            chat.url, "hi"
        ).succeeded()
        #expect(piped.outputBytes.forbidden() == nil)
        let message = try #require(try EventLines(piped.lines).transcript().messages.last)
        let written = answer.cases.enumerated().map { number, item in
            "⟦\(number)⟧" + item.pieces.map { String(decoding: $0, as: UTF8.self) }.joined() + "⟧\n"
        }
        #expect(message.text == written.joined())
        #expect(try #require(try home.files()["trace"]).forbidden() == nil)

        let terminal = try PseudoTerminal(
            ProgramHome.program, ["ask", "--json", "--model-url", chat.url, "hi"],
            environment: home.environment)
        #expect(await terminal.waitForEnd(seconds: 60) == 0)
        #expect(terminal.output.forbidden(onTerminal: true) == nil)
    }

    @Test("is harmless in what a model server says about a failure") func errors() async throws {
        let home = try ProgramHome()
        let cases = try HostileCase.all()
        // One of each kind, as each takes a start of the program.
        for item in cases.enumerated().filter({ $0.offset % 9 == 0 }).map(\.element) {
            let body: JSONValue = ["error": ["message": .string(item.text), "code": "bad"]]
            let chat = try ScriptedChat { _ in .answer(400, body.text) }
            let result = try await home.run("ask", "--model-url", chat.url, "hi")
            #expect(result.status == 1)
            #expect(result.errorBytes.forbidden() == nil, "\(item.name)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(item.name)")
        }
    }

    @Test("is harmless as the name of a function or a model") func names() async throws {
        let home = try ProgramHome()
        let text = try HostileCase.all().map(\.text).filter { $0.utf8.count < 200 }
        let call: JSONValue = [
            "choices": [
                [
                    "index": 0, "finish_reason": "tool_calls",
                    "delta": [
                        "tool_calls": [
                            [
                                "index": 0, "id": .string(text.joined()),
                                "function": [
                                    "name": .string(text.joined()), "arguments": "{}",
                                ],
                            ]
                        ]
                    ],
                ]
            ]
        ]
        let chat = try ScriptedChat(models: text) { _ in
            .streamHead + .chunk("data: \(call.text)\n\n") + .chatEnd("tool_calls")
        }
        let tools = try home.write(
            #"[{"type":"function","function":{"name":"f","parameters":{}}}]"#, to: "tools")
        try await home.run("assistants", "create", "--name", "F", "--tools", tools).succeeded()
        for arguments in [["ask", "--assistant", "F", "hi"], ["models"], ["doctor"]] {
            let options = ["--model-url", chat.url]
            let result = try await home.start(arguments + options).result()
            #expect(result.outputBytes.forbidden() == nil, "\(arguments)")
            #expect(result.errorBytes.forbidden() == nil, "\(arguments)")
            let terminal = try PseudoTerminal(
                ProgramHome.program, arguments + options, environment: home.environment)
            #expect(await terminal.waitForEnd(seconds: 60) != nil)
            #expect(terminal.output.forbidden(onTerminal: true) == nil, "\(arguments)")
        }
    }
}
