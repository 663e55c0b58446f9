import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

extension ConsoleProgramTests {
    /// What strangers say by way of tools: code of a model's, what it prints, what functions are
    /// called and give back, and what files are called.
    @Suite("Hostile text of tools", .enabled(if: Fixture.isPresent, "needs ../shared"))
    struct HostileToolTests {
        @Test(
            "is harmless as code and as what code prints",
            .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
        func code() async throws {
            let all = try HostileCase.all().filter { $0.text.utf8.count < 2_000 }
            let calls = all.flatMap { item -> [String] in
                let bytes = Data(item.pieces.joined()).base64EncodedString()
                let prints = """
                    import base64, os
                    os.write(1, base64.b64decode("\(bytes)"))
                    print("⟧")
                    """
                // Nearly all of these are no Python, and are quoted in what Python says of it.
                return [prints, item.repairedText]
            }
            var steps = [LoopbackServer.Step].streamHead
            for (number, code) in calls.enumerated() {
                steps += .call(
                    "code_interpreter", (["code": .string(code)] as JSONValue).text,
                    id: "call_\(number)", index: number)
            }
            let whole = steps + .chatEnd("tool_calls")
            let chat = try ScriptedChat { question in
                question.last.hasPrefix("tool: ") ? .chat("All were run.") : whole
            }
            let home = try ProgramHome()
            try await home.createAssistant("Coder", kinds: ["code_interpreter"])
            let sitting = try await Sitting.open(
                home, ["--assistant", "Coder"], chat: chat, rows: 50, columns: 120)
            let start = sitting.terminal.output.count
            await sitting.say("go")
            _ = await sitting.terminal.wait(seconds: 60) { _ in sitting.shows("All were run.") }
            await sitting.sees("All were run.")
            try await look(through: calls.count, sitting, since: start)
            #expect(sitting.terminal.outputText.contains("⟧"), "nothing was unfolded")
            await sitting.leave()
        }

        @Test("is harmless as a function's name, arguments and output") func functions()
            async throws
        {
            let texts = try HostileCase.short()
            let home = try ProgramHome()
            let model = ScriptedModel([])
            let thread = try await store(in: home, model) { engine, assistant, thread in
                for part in texts.chunks(of: 40) {
                    model.add(Self.calls(part))
                    let stream = try await engine.streamRun(
                        RunRequest(assistantID: assistant), on: thread, for: .trusted)
                    var run: Run?
                    for try await event in stream {
                        if case .run(_, let newest) = event { run = newest }
                    }
                    let waiting = try #require(run)
                    #expect(waiting.status == .requiresAction)
                    let outputs = zip(waiting.requiredAction, part).map { call, text in
                        ToolOutput(toolCallID: call.id, output: text)
                    }
                    let rest = try await engine.streamToolOutputs(
                        outputs, to: waiting.id, on: thread, for: .trusted)
                    for try await _ in rest {}
                }
            }
            let sitting = try await Sitting.open(
                home, ["--thread", thread], rows: 50, columns: 120)
            try await look(through: texts.count, sitting, since: sitting.firstFrame)
            await sitting.leave()
        }

        /// For each text a call that waits for an output, and one of what is no function.
        private static func calls(_ texts: ArraySlice<String>) -> [ScriptedModel.Line] {
            texts.enumerated().flatMap { number, text -> [ScriptedModel.Line] in
                let arguments = JSONValue.object([text: .string(text)]).text
                return [("f", arguments), (text, text)].enumerated().map { place, call in
                    .say(
                        .toolCall(
                            index: 2 * number + place, id: nil, name: call.0, arguments: call.1))
                }
            } + [.say(.finished(.toolCalls))]
        }

        @Test("is harmless as the name of a file") func files() async throws {
            let suite = try JSONValue(
                parsing: Fixture.shared("suites/malicious/files/filenames.json"))
            let cases = suite["cases"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            try #require(cases.count > 10)
            let names = try cases + HostileCase.short()
            let home = try ProgramHome()
            let model = ScriptedModel([])
            // A thread's code takes twenty files.
            var threads: [Assistants.Thread.ID] = []
            for part in names.chunks(of: 20) {
                threads.append(
                    try await store(in: home, model) { engine, _, thread in
                        try await attach(part, to: thread, engine, home)
                    })
            }
            for thread in threads {
                let sitting = try await Sitting.open(
                    home, ["--thread", thread], rows: 50, columns: 120)
                try await look(through: 20, sitting, since: sitting.firstFrame, panes: ["1", "2"])
                await sitting.leave()
            }
        }

        private func attach(
            _ names: ArraySlice<String>, to thread: Assistants.Thread.ID, _ engine: Engine,
            _ home: ProgramHome
        ) async throws {
            for name in names {
                let path = try home.write("1", to: "given-" + UUID().uuidString)
                let upload = FileUpload(path: path, filename: name, purpose: "assistants")
                // Names that no file can have are refused, which is as good.
                guard let file = try? await engine.createFile(upload, for: .trusted) else {
                    continue
                }
                var message = MessageRequest("See it.")
                message.attachments = [
                    ["file_id": .string(file.id), "tools": [["type": "code_interpreter"]]]
                ]
                _ = try await engine.createMessage(message, in: thread, for: .trusted)
            }
        }

        // MARK: Storing and looking

        /// Fills a thread, and gives its id.
        private func store(
            in home: ProgramHome, _ model: ScriptedModel,
            _ fill: (Engine, Assistant.ID, Assistants.Thread.ID) async throws -> Void
        ) async throws -> Assistants.Thread.ID {
            let engine = try await Engine.open(directory: home.data, models: model)
            let assistant = try await engine.createAssistant(
                AssistantRequest(
                    model: "scripted", name: "F", instructions: "Call.",
                    tools: [.function(FunctionTool(name: "f"))]),
                for: .trusted)
            let thread = try await engine.createThread(ThreadRequest(), for: .trusted)
            try await fill(engine, assistant.id, thread.id)
            await engine.close()
            return thread.id
        }

        /// Pages through a pane, unfolded, beside the others and by itself, and checks every frame.
        private func look(
            through count: Int, _ sitting: Sitting, since start: Int, panes: [String] = ["2"],
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let terminal = sitting.terminal
            for pane in panes {
                terminal.send("\u{1B}\(pane)+")
                for turn in 0..<count / 4 + 20 {
                    terminal.press(turn.isMultiple(of: 2) ? .pageUp : .up)
                    if turn.isMultiple(of: 10) { expectLayout(sitting, location) }
                }
                _ = await terminal.quiet(seconds: 0.3)
                expectLayout(sitting, location)
                terminal.send("z")
                for _ in 0..<count { terminal.press(.pageDown) }
                _ = await terminal.quiet(seconds: 0.3)
                terminal.send("z")
                _ = await terminal.quiet(seconds: 0.3)
                expectLayout(sitting, location)
            }
            let bytes = Array(terminal.output.dropFirst(start))
            #expect(bytes.forbiddenInFrames() == nil, sourceLocation: location)
        }

        /// The frame of the panes stands where it should, whatever is in them.
        private func expectLayout(_ sitting: Sitting, _ location: SourceLocation) {
            let terminal = sitting.terminal
            guard terminal.isBetweenFrames else { return }
            let lines = terminal.lines
            let top = lines.firstIndex { $0.hasPrefix("─ Tool calls") }
            let bottom = lines.lastIndex { $0.hasPrefix("──") }
            let divider = top.flatMap { top in
                (0..<120).first { terminal[top, $0].text == "┬" }
            }
            guard let top, let bottom, let divider, top < bottom else {
                Issue.record("no frame:\n\(terminal.picture)", sourceLocation: location)
                return
            }
            let broken = (top + 1..<bottom).filter { terminal[$0, divider].text != "│" }
            let isWhole = broken.isEmpty && sitting.statusLine.contains("help")
            #expect(isWhole, "\(broken)\n\(terminal.picture)", sourceLocation: location)
        }
    }
}

extension Sitting {
    /// Where the first frame begins in what the program sent: before it come questions, modes, and
    /// the erasing of what was on the screen.
    fileprivate var firstFrame: Int {
        let mark = Array("\u{1B}[2J".utf8)
        let output = terminal.output
        return output.indices.first { output[$0...].starts(with: mark) }.map { $0 + mark.count }
            ?? 0
    }
}

extension [String] {
    /// The elements in pieces of a length.
    fileprivate func chunks(of length: Int) -> [ArraySlice<String>] {
        stride(from: 0, to: count, by: length).map { self[$0..<Swift.min(count, $0 + length)] }
    }
}
