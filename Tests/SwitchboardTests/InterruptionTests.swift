import Assistants
import TestSupport
import Testing

@Suite("An interrupted ask") struct InterruptionTests {
    @Test("stops its run, keeps the text, and ends with 130", arguments: [2, 15, 1])
    func signal(number: Int32) async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.messages.count > 1
                ? .chat(["fine"]) : .streamHead + .delta("Once upon") + [.waitForClose]
        }
        let program = try home.start(["ask", "--json", "--model-url", chat.url, "hi"])
        #expect(await program.wait(for: "Once upon"))
        program.signal(number)
        let result = await program.result()
        #expect(result.status == 130)
        #expect(result.errors == "")
        let lines = try EventLines(result.lines)
        #expect(
            lines.order.suffix(5) == [
                "thread.run.cancelling", "thread.message.incomplete", "thread.run.step.cancelled",
                "thread.run.cancelled", "done",
            ])
        let run = try #require(try lines.transcript().runs.last)
        let shown = try await home.run("threads", "show", run.threadID).succeeded()
        #expect(shown.output == "user:\nhi\n\nassistant:\nOnce upon\n\n")
        let next = try await home.run(
            "ask", "--model-url", chat.url, "--thread", run.threadID, "go on")
        #expect(next.output == "fine\n", "\(next)")
    }

    @Test("comes by Ctrl-C on a terminal, and leaves the terminal as it was") func controlC()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in
            .streamHead + .delta("Once upon") + [.waitForClose]
        }
        let terminal = try PseudoTerminal(
            ProgramHome.program, ["ask", "--model-url", chat.url, "hi"],
            environment: home.environment)
        #expect(await terminal.wait(for: "Once upon", seconds: 60))
        terminal.send("\u{3}")
        #expect(await terminal.waitForEnd(seconds: 60) == 130)
        #expect(terminal.hasSettingsBack)
        #expect(terminal.outputText == "Once upon^C\r\n")
    }

    @Test(
        "does not wait for a server that says nothing, or that wants to be asked later",
        arguments: [
            [LoopbackServer.Step.waitForClose], .streamHead + [.waitForClose],
            .answer(429, headers: ["retry-after: 119"], #"{"error":{"message":"Later."}}"#),
        ])
    func silence(steps: [LoopbackServer.Step]) async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in steps }
        let program = try home.start(["ask", "--model-url", chat.url, "hi"])
        await chat.waitForQuestions()
        program.signal(2)
        let result = await program.result()
        #expect(result.status == 130)
        #expect(result.output + result.errors == "")
        #expect(chat.questions.count == 1)
        let thread = try await home.run("threads", "list").lines[0].prefix { $0 != "\t" }
        let next = try ScriptedChat(saying: ["fine"])
        let again = try await home.run(
            "ask", "--model-url", next.url, "--thread", String(thread), "again")
        #expect(again.output == "fine\n", "\(again)")
    }

    @Test("ends at once before its run has begun") func early() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat(saying: ["never"])
        let program = try home.start(["ask", "--model-url", chat.url, "-"], input: nil)
        program.signal(2)
        // A shell says 130 for both: the signal can come before the program listens for it.
        #expect([130, -2].contains(await program.result().status))
        #expect(chat.questions.isEmpty)
    }

    @Test("goes on when whoever started it wants the signal ignored") func ignored() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in
            .streamHead + .delta("one ") + [.hold] + .delta("two") + .chatEnd("stop")
        }
        let program = try home.startShell(
            "trap '' HUP; exec $switchboard ask --model-url \(chat.url) hi")
        #expect(await program.wait(for: "one "))
        program.signal(1)
        chat.step()
        let result = await program.result()
        #expect(result.output == "one two\n")
        #expect(result.status == 0)
    }
}
