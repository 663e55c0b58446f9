import Glibc
import TestSupport
import Testing

@Suite("Programs on one data directory, as processes") struct SharedDirectoryTests {
    @Test("carry a run on when the one that runs the engine is killed") func takingOver()
        async throws
    {
        let home = try ProgramHome()
        let calls = Counter()
        let chat = try ScriptedChat { _ in
            calls.next() <= 2
                ? .streamHead + .delta("begun ") + [.hold] : .chat("and ended")
        }
        let first = try home.start(["ask", "--model-url", chat.url, "one"])
        #expect(await first.wait(for: "begun "))
        let second = try home.start(
            ["ask", "--model-url", chat.url, "two"], environment: [:])
        #expect(await second.wait(for: "begun "))
        #expect(second.sofar.errors.contains("--model-url"))
        first.signal(SIGKILL)
        #expect(await first.result().status == -SIGKILL)
        let result = await second.result().succeeded()
        #expect(result.output.hasPrefix("begun "))
        #expect(result.output.hasSuffix("and ended\n"))
        // The run of the one that was killed is carried on by whoever comes next.
        let threads = try await home.run("threads", "list").succeeded().lines
        #expect(threads.count == 2)
    }

    @Test("leave runs that were left to those who stay: ask answers its own question and ends")
    func leftOver() async throws {
        let home = try ProgramHome()
        let calls = Counter()
        let chat = try ScriptedChat { question in
            if question.last != "user: left" { return .chat("Answered.") }
            return calls.next() == 1 ? .streamHead + .delta("begun ") + [.hold] : .chat("Ended.")
        }
        let ask = ["ask", "--model-url", chat.url]
        let first = try home.start(ask + ["left"])
        #expect(await first.wait(for: "begun "))
        first.signal(SIGKILL)
        _ = await first.result()
        // More often than a run may be interrupted.
        for _ in 1...4 {
            let result = try await home.start(ask + ["quick"]).result().succeeded()
            #expect(result.output == "Answered.\n")
        }
        // Nobody has asked the model to answer it once more.
        #expect(calls.next() == 2)
        let served = try home.start(["serve", "--port", "0", "--model-url", chat.url])
        #expect(await served.wait(for: "export OPENAI_BASE_URL"))
        let threads = try await home.run("threads", "list").succeeded().lines
        let left = try #require(threads.first { $0.contains("left") }?.split(separator: "\t").first)
        var shown = ""
        while !shown.contains("Ended.") {
            shown = try await home.run("threads", "show", String(left)).succeeded().output
        }
        #expect(shown.contains("begun"))
        served.signal(SIGTERM)
        #expect(await served.result().status == 0)
    }

    @Test("give the same events to ask, whoever runs the engine") func sameEvents() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.last == "user: held"
                ? .streamHead + .delta("one ") + [.hold] + .chatEnd("stop")
                : .chat("One two three.")
        }
        func names(_ result: Program.Result) -> [String] {
            result.lines.map { String($0.prefix { $0 != "," }) }
        }
        let ask = ["ask", "--json", "--model-url", chat.url]
        let alone = try await home.start(ask + ["plain"]).result().succeeded()
        let host = try home.start(["ask", "--model-url", chat.url, "held"])
        #expect(await host.wait(for: "one "))
        let guest = try await home.start(ask + ["plain"]).result().succeeded()
        #expect(names(guest) == names(alone))
        chat.step()
        await host.result().succeeded()
    }

    @Test("are told when the one that has the data is suspended") func suspended() async throws {
        let home = try ProgramHome()
        let chat = try ScriptedChat { _ in .streamHead + .delta("begun ") + [.hold] }
        let host = try home.start(["ask", "--model-url", chat.url, "one"])
        #expect(await host.wait(for: "begun "))
        host.signal(SIGSTOP)
        let result = try await home.run("ask", "two")
        #expect(result.status == 1)
        #expect(result.errors.contains("in use by process \(host.processID)"), "\(result)")
        #expect(result.errors.contains("suspended"), "\(result)")
        host.signal(SIGCONT)
        host.end()
    }

    @Test("serve once: a second server is refused, a first one takes the engine over")
    func servers() async throws {
        let home = try ProgramHome()
        let served = try await ServedProgram(home: home, model: nil)
        let second = try await home.run("serve", "--port", "0")
        #expect(second.status == 1)
        #expect(second.errors.contains("Another switchboard serve"), "\(second)")
        #expect(try await home.run("ask", "Where are the keys?").succeeded().output != "")
        served.program.signal(SIGTERM)
        #expect(await served.program.result().status == 0)
    }
}
