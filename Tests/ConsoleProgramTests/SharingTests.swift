import Assistants
import AssistantsClient
import Glibc
import TestSupport
import Testing
import Transport

extension ConsoleProgramTests {
    @Suite("Consoles on one data directory") struct SharingTests {
        @Test("show each other's runs as they happen, and answer for each other")
        func together() async throws {
            let chat = try ScriptedChat { _ in
                .streamHead + .delta("The sky ") + [.hold] + .delta("is blue.")
                    + .chatEnd("stop")
            }
            let home = try ProgramHome()
            let first = try await Sitting.open(home, chat: chat)
            let second = try await Sitting.open(home)
            await second.say("Why blue?")
            await second.sees("The sky")
            // The other one shows it among its threads, marked as new, and opens it live.
            first.terminal.press(.function(2))
            await first.sees("Why blue?")
            first.terminal.press(.enter)
            await first.sees("The sky")
            #expect(first.isRunning)
            chat.step()
            await first.sees("The sky is blue.")
            await second.sees("The sky is blue.")
            await first.sees("the end of the run") { !$0.isRunning }
            await second.sees("the end of the run") { !$0.isRunning }
            await second.leave()
            await first.leave()
        }

        @Test("stop each other's runs")
        func stopping() async throws {
            let chat = try ScriptedChat { _ in .streamHead + .delta("For ever ") + [.hold] }
            let home = try ProgramHome()
            let first = try await Sitting.open(home, chat: chat)
            let second = try await Sitting.open(home)
            await first.say("Go on")
            await first.sees("For ever")
            second.terminal.press(.function(2))
            await second.sees("Go on")
            second.terminal.press(.enter)
            await second.sees("For ever")
            second.terminal.send("\u{1B}")
            await first.sees("the stop") { !$0.isRunning }
            await second.sees("the stop") { !$0.isRunning }
            await first.leave()
            await second.leave()
        }

        @Test("answer the calls of each other's runs")
        func answering() async throws {
            let chat = try ScriptedChat { question in
                question.last.hasPrefix("tool: ")
                    ? .chat("Take a coat.")
                    : .stream(.call("weather", #"{"day":"Friday"}"#), .chatEnd("tool_calls"))
            }
            let home = try ProgramHome()
            try await home.createAssistant("Forecaster", tools: ["weather"])
            let first = try await Sitting.open(home, ["--assistant", "Forecaster"], chat: chat)
            let second = try await Sitting.open(home)
            await first.say("Rain?")
            await first.sees("weather waits for an answer")
            second.terminal.press(.function(2))
            await second.sees("Rain?")
            second.terminal.press(.enter)
            await second.sees("weather waits for an answer")
            await second.answerCall(with: "snow")
            await second.sees("Take a coat.")
            await first.sees("Take a coat.")
            await first.leave()
            await second.leave()
        }

        @Test("take over when the one that runs the engine is killed")
        func takingOver() async throws {
            let calls = Counter()
            let chat = try ScriptedChat { _ in
                calls.next() == 1
                    ? .streamHead + .delta("Begun ") + [.hold] : .chat("And ended.")
            }
            let home = try ProgramHome()
            let first = try await Sitting.open(home, chat: chat)
            let second = try await Sitting.open(home, chat: chat)
            await second.say("Hello")
            await second.sees("Begun")
            first.terminal.signal(SIGKILL)
            await second.sees("And ended.")
            await second.sees("the end of the run") { !$0.isRunning }
            // It is the one that others join now.
            #expect(try await home.run("threads", "list").output.contains("Hello"))
            #expect(try await home.run("threads", "create", "--name", "Another").status == 0)
            second.terminal.press(.function(2))
            await second.sees("Another")
            await second.leave()
        }

        @Test("show what is imported beside them, also with a server among them")
        func importing() async throws {
            let home = try ProgramHome()
            let served = try await ServedProgram(home: home, model: nil)
            let sitting = try await Sitting.open(home)
            sitting.terminal.press(.function(2))
            await sitting.sees("the list of threads") { $0.shows("Threads") }
            try home.write(
                """
                {"thread_id":"thread_old","message_id":"m1","role":"user","created_at":1,\
                "text":"What did we say?"}
                """, to: "saved/lines.jsonl")
            // A path as people give it: from where they are.
            let trial = try await home.shell("cd $HOME && \"$switchboard\" import --dry-run saved")
            #expect(trial.output == "messages\t1\t0\t0\n")
            let done = try await home.shell("cd $HOME && \"$switchboard\" import saved")
            #expect(done.output == trial.output)
            await sitting.sees("What did we say?")
            await sitting.leave()
            served.program.signal(SIGTERM)
            #expect(await served.program.result().status == 0)
        }

        @Test("show what ask asks meanwhile")
        func ask() async throws {
            let chat = try ScriptedChat { _ in .chat("An answer.") }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat)
            sitting.terminal.press(.function(2))
            await sitting.sees("the list of threads") { $0.shows("Threads") }
            let result = try await home.run("ask", "From elsewhere")
            #expect(result.output == "An answer.\n", "\(result)")
            await sitting.sees("the thread, marked as new") { $0.shows("● From elsewhere") }
            sitting.terminal.press(.enter)
            await sitting.sees("An answer.")
            await sitting.leave()
        }

        @Test("go on with their run while a server that is started beside them answers")
        func serveMeanwhile() async throws {
            let chat = try ScriptedChat { question in
                question.last == "user: held"
                    ? .streamHead + .delta("The sky ") + [.hold] + .delta("is blue.")
                        + .chatEnd("stop")
                    : .chat("Re: " + question.last)
            }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat)
            await sitting.say("held")
            await sitting.sees("The sky")
            let served = try await ServedProgram(home: home, model: nil)
            // The first request of a program, long before the run has ended.
            let client = RemoteService(
                baseURL: served.baseURL, key: served.key, transport: AsyncHTTPTransport.shared)
            let assistants = try await client.assistants(PageRequest(), for: .trusted).data
            #expect(assistants.count == 2)
            let models = try await client.models(for: .trusted)
            let thread = try await client.createThread(ThreadRequest(), for: .trusted)
            var request = RunRequest(
                assistantID: try #require(assistants.first { $0.name != "Guide" }).id)
            request.additionalMessages = [MessageRequest("asked of the server")]
            var names: [String] = []
            let stream = try await client.streamRun(request, on: thread.id, for: .trusted)
            for try await event in stream { names.append(event.name) }
            #expect(names.contains("thread.message.delta"))
            #expect(names.last == "done")
            let wrong = RemoteService(
                baseURL: served.baseURL, key: "sk-wrong", transport: AsyncHTTPTransport.shared)
            for nobody in [
                wrong,
                RemoteService(
                    baseURL: served.baseURL, key: nil, transport: AsyncHTTPTransport.shared),
            ] {
                let error = await #expect(throws: APIError.self) {
                    _ = try await nobody.assistants(PageRequest(), for: .trusted)
                }
                #expect(error?.status == 401)
            }
            await sitting.sees("the run still going on") { $0.isRunning && $0.shows("The sky") }
            chat.step()
            await sitting.sees("The sky is blue.")
            // Then the server takes over, and its models are those that answer.
            var after: [ModelInfo]?
            while after == nil || after == models {
                after = try? await client.models(for: .trusted)
            }
            await sitting.ask("and now", sees: "No language model")
            await sitting.leave()
            served.program.signal(SIGTERM)
            #expect(await served.program.result().status == 0)
        }

        @Test("join a server that is started beside them, and take over when it is killed")
        func serve() async throws {
            let chat = try ScriptedChat { .chat("Re: " + $0.last) }
            let home = try ProgramHome()
            let sitting = try await Sitting.open(home, chat: chat)
            await sitting.ask("before", sees: "Re: user: before")
            let served = try await ServedProgram(home: home, model: nil)
            await sitting.ask("hello", sees: "No language model")
            let result = try await home.run("ask", "Where are the keys?")
            #expect(result.status == 0)
            sitting.terminal.press(.function(2))
            await sitting.sees("Where are the keys?")
            sitting.terminal.send("\u{1B}")
            await sitting.sees("the list closed") { !$0.shows("Where are the keys?") }
            served.program.signal(SIGKILL)
            _ = await served.program.result()
            await sitting.ask("after", sees: "Re: user: after")
            await sitting.leave()
        }
    }

    @Suite("A console on a server") struct ServerConsoleTests {
        @Test("shows what others do there, and works like one at home")
        func ours() async throws {
            let home = try ProgramHome()
            let served = try await ServedProgram(home: home, model: nil)
            let elsewhere = try ProgramHome()
            let server = String(served.baseURL.dropLast(3))
            let sitting = try await Sitting.open(
                elsewhere, ["--server", server],
                environment: ["SWITCHBOARD_SERVER_KEY": served.key])
            await sitting.say("What is a run?")
            await sitting.sees("the end of the run") {
                !$0.isRunning && $0.chatRows.count > 3 && $0.shows("file_search")
            }
            sitting.terminal.press(.function(2))
            await sitting.sees("What is a run?")
            await sitting.leave()
        }

        @Test("says what is wrong with an address or a key")
        func refused() async throws {
            let home = try ProgramHome()
            let served = try await ServedProgram(home: home, model: nil)
            for (server, key, text) in [
                ("http://127.0.0.1:1", "x", "127.0.0.1:1"),
                (served.baseURL, "sk-wrong", "SWITCHBOARD_SERVER_KEY"),
            ] {
                let result = try await home.run(
                    "--server", server, environment: ["SWITCHBOARD_SERVER_KEY": key])
                #expect(result.status == 1)
                #expect(result.errors.contains(text), "\(result)")
            }
        }
    }
}
