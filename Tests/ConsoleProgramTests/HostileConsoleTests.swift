import Assistants
import AssistantsEngine
import TestSupport
import Testing
import Wire

extension ConsoleProgramTests {
    @Suite("Hostile text", .enabled(if: Fixture.isPresent, "needs ../shared"))
    struct HostileConsoleTests {
        @Test("is what the check of these tests finds in bytes") func check() throws {
            let found = try HostileCase.all().prefix(90).filter {
                Array($0.pieces.joined()).forbiddenInFrames() != nil
            }
            // The others are what the console itself may send, such as colours.
            #expect(found.count > 75, "\(found.count)")
            #expect(Array("\u{1B}[1;31mred\u{1B}[0m\u{1B}[2;3H".utf8).forbiddenInFrames() == nil)
        }

        @Test("of a model is shown and does nothing, whole and split") func answer() async throws {
            let all = try HostileCase.all()
            var steps = [LoopbackServer.Step].streamHead
            for item in all where item.text.utf8.count > 1_000 {
                steps += item.pieces.flatMap { [LoopbackServer.Step].delta(bytes: $0) }
            }
            var cases = all.filter { $0.text.utf8.count <= 1_000 }
            for share in [0.2, 0.5, 0.8] {
                cases += cases.prefix(all.count).map { $0.cut(at: share) }
            }
            for (number, item) in cases.enumerated() {
                steps += .delta("\n\n⟦\(number)⟧")
                for piece in item.pieces { steps += .delta(bytes: piece) }
                steps += .delta("⟧")
            }
            let whole = steps + .delta("\n\nthe end") + .chatEnd("stop")
            let chat = try ScriptedChat { _ in whole }
            let sitting = try await Sitting.open(chat: chat, rows: 200, columns: 110)
            let start = sitting.terminal.output.count
            await sitting.ask("hi", sees: "the end")
            // What the end of the run changes must not pass for a page.
            _ = await sitting.terminal.quiet(seconds: 0.3)
            var seen = Set(sitting.chatRows)
            for _ in 1...50 where !sitting.shows("⟦0⟧") {
                let rows = sitting.chatRows
                sitting.terminal.press(.pageUp)
                await sitting.sees("another page") { $0.chatRows != rows }
                seen.formUnion(sitting.chatRows)
            }
            #expect(sitting.terminal.output.dropFirst(start).bytes.forbiddenInFrames() == nil)
            for (number, item) in cases.enumerated() {
                let rows = seen.filter { $0.contains("⟦\(number)⟧") }
                #expect(!rows.isEmpty, "\(item.name) was not shown")
                if item.text.utf8.count < 80, let before = item.shown.first {
                    #expect(rows.contains { $0.contains(before) }, "\(item.name): \(rows)")
                }
            }
            await sitting.leave()
        }

        @Test("of a model is harmless when a frame is drawn between two of its deltas")
        func deltas() async throws {
            let all = try HostileCase.all().filter { $0.text.utf8.count < 200 }
            let cases =
                all.filter { $0.pieces.count == 2 }
                + stride(from: 0, to: all.count, by: 3).map { all[$0].cut(at: 0.5) }
            var steps = [LoopbackServer.Step].streamHead
            for (number, item) in cases.enumerated() {
                steps +=
                    .delta("⟦\(number)⟧") + .delta(bytes: item.pieces[0]) + [.hold]
                    + .delta(bytes: item.pieces[1]) + .delta("⟧\n\n")
            }
            let whole = steps + .delta("the end") + .chatEnd("stop")
            let chat = try ScriptedChat { _ in whole }
            let sitting = try await Sitting.open(chat: chat)
            let start = sitting.terminal.output.count
            await sitting.say("hi")
            for number in cases.indices {
                await sitting.sees("⟦\(number)⟧")
                chat.step()
            }
            await sitting.sees("  the end")
            #expect(sitting.terminal.output.dropFirst(start).bytes.forbiddenInFrames() == nil)
            await sitting.leave()
        }

        @Test("is harmless as title of a thread, name of an assistant and of a model")
        func names() async throws {
            let texts = try HostileCase.short()
            let home = try ProgramHome()
            try await store(texts, in: home)
            let chat = try ScriptedChat(models: texts) { _ in .chat("fine") }
            let sitting = try await Sitting.open(home, chat: chat, rows: 60, columns: 120)
            let start = sitting.terminal.output.count
            for (key, count) in [(2, "Threads"), (3, "Assistants")] {
                sitting.terminal.press(.function(key))
                await sitting.sees(count)
                for _ in 0...texts.count / 20 { sitting.terminal.press(.pageDown) }
                _ = await sitting.terminal.quiet(seconds: 0.3)
                sitting.terminal.press(.escape)
                await sitting.sees("the list closed") { !$0.statusLine.contains("filter") }
            }
            // Through all threads, each with its title in the first row and on the window.
            for _ in 0...texts.count { sitting.terminal.press(.function(6)) }
            await sitting.sees("This is the last thread.")
            sitting.terminal.send("\u{18}A")
            await sitting.sees("New assistant")
            sitting.terminal.send("\t")
            for _ in texts { sitting.terminal.press(.down) }
            _ = await sitting.terminal.quiet(seconds: 0.3)
            #expect(sitting.terminal.output.dropFirst(start).bytes.forbiddenInFrames() == nil)
            #expect(sitting.terminal.outputText.contains("\u{1B}]2;"))
            sitting.terminal.press(.escape)
            await sitting.sees("the form closed") { !$0.shows("New assistant") }
            await sitting.leave()
        }

        /// Stores the texts as titles of threads and as names, models and instructions.
        private func store(_ texts: [String], in home: ProgramHome) async throws {
            let engine = try await Engine.open(directory: home.data, models: NoModels())
            try await engine.addBuiltInAssistants()
            for (number, text) in texts.enumerated() {
                _ = try await engine.createThread(
                    ThreadRequest(metadata: [Thread.titleKey: text]), for: .trusted)
                var request = AssistantRequest(model: text, name: text, instructions: text)
                request.description = text
                _ = try await engine.createAssistant(request, id: "asst_\(number)", for: .trusted)
            }
            await engine.close()
        }

        @Test("is harmless as name and arguments of a call") func calls() async throws {
            let texts = try HostileCase.short()
            var steps = [LoopbackServer.Step].streamHead
            for (number, text) in texts.enumerated() {
                let arguments = JSONValue.object([text: .string(text)]).text
                steps += .call(
                    text, number.isMultiple(of: 2) ? arguments : text, id: "call_\(number)",
                    index: number)
            }
            let whole = steps + .chatEnd("tool_calls")
            let chat = try ScriptedChat { _ in whole }
            let home = try ProgramHome()
            try await home.createAssistant("F", tools: ["f"])
            let sitting = try await Sitting.open(
                home, ["--assistant", "F"], chat: chat, rows: 50, columns: 120)
            let start = sitting.terminal.output.count
            await sitting.say("hi")
            await sitting.sees("the calls or why there are none") {
                $0.shows("waits for you") || $0.shows("failed: ")
            }
            sitting.terminal.send("\u{1B}2z+")
            _ = await sitting.terminal.quiet(seconds: 0.3)
            for _ in 0...texts.count / 4 { sitting.terminal.press(.pageUp) }
            _ = await sitting.terminal.quiet(seconds: 0.3)
            sitting.terminal.press(.function(4))
            for _ in texts { sitting.terminal.send("\t") }
            _ = await sitting.terminal.quiet(seconds: 0.3)
            #expect(sitting.terminal.output.dropFirst(start).bytes.forbiddenInFrames() == nil)
            await sitting.leave()
        }

        @Test("is harmless in what a server says about a failure", arguments: [true, false])
        func errors(inStream: Bool) async throws {
            let cases = try HostileCase.all()
            let some = stride(from: inStream ? 0 : 3, to: cases.count, by: 6).map { cases[$0] }
            let chat = try ScriptedChat { question in
                let number = Int(question.last.dropFirst("user: case ".count)) ?? 0
                let error: JSONValue = [
                    "error": ["message": .string(some[number].text), "code": "bad"]
                ]
                return inStream
                    ? .stream(.delta("some text"), .chunk("data: \(error.text)\n\n"))
                    : .answer(400, error.text)
            }
            let sitting = try await Sitting.open(chat: chat, rows: 40, columns: 120)
            let start = sitting.terminal.output.count
            for number in some.indices {
                await sitting.say("case \(number)")
                await sitting.sees("that case \(number) failed") {
                    let rows = $0.chatRows
                    let question = rows.lastIndex { $0.hasSuffix("  case \(number)") }
                    let failure = rows.lastIndex { $0.hasPrefix("  failed: ") }
                    return !$0.isRunning && (question ?? 99) < (failure ?? 0)
                }
            }
            #expect(sitting.terminal.output.dropFirst(start).bytes.forbiddenInFrames() == nil)
            await sitting.leave()
        }
    }
}

extension ArraySlice<UInt8> {
    /// The same bytes as an array.
    fileprivate var bytes: [UInt8] { Array(self) }
}
