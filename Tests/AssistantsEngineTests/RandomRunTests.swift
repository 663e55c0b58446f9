import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("Any run", .timeLimit(.minutes(5))) struct RandomRunTests {
    private static let tools: [Tool] = [
        .function(FunctionTool(name: "f")), .function(FunctionTool(name: "g")),
        .fileSearch(options: [:]), .codeInterpreter,
    ]

    @Test("keeps the stream's rules, whatever the model and the world do")
    func rules() throws {
        for seed in 0..<3000 {
            var world = RandomWorld(seed: UInt64(seed), tools: Self.tools)
            world.live()
            #expect(world.rules.broken == [], "seed \(seed)")
            #expect(world.rules.status?.isTerminal == true, "seed \(seed)")
            #expect(world.machine.run.usage != nil, "seed \(seed)")
            // Nothing changes a run that has ended.
            let ended = world.machine.run
            for input in [
                RunInput.cancelAsked, .expired, .model(.text("x")), .modelEnded, .workStopped,
                .modelFailed(ModelError(.server, "x")),
            ] {
                #expect(world.machine.handle(input, at: 5) == [], "seed \(seed)")
            }
            #expect(world.machine.run == ended)
            // Folding the events alone gives what the machine has.
            #expect(world.folded.runs == world.machine.transcript.runs, "seed \(seed)")
            #expect(world.folded.steps == world.machine.transcript.steps, "seed \(seed)")
            #expect(world.folded.messages == world.machine.transcript.messages, "seed \(seed)")
            if !world.wasDisturbed, !world.wasRefused {
                let written = world.rules.messages.map(\.text).joined()
                // White space in front of a tool call is nothing a message is made for.
                #expect(written.words == world.said.words, "seed \(seed)")
            }
        }
    }

    @Test("leaves its thread unlocked, also when it is cancelled at any moment")
    func engine() async throws {
        for seed in 0..<12 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let answers = (0..<4).map { _ in RandomWorld.answer(using: &generator) }
            let model = ScriptedModel(answers.map { $0.map { .say($0) } })
            let search = try IndexSearch(index: TextIndex([]))
            let host = try await TestEngine(model, fileSearch: ["vs_1": search])
            let assistant = try await host.assistant(Self.tools)
            let thread = try await host.thread("Q")
            try await carryOut(assistant, on: thread, host, &generator)
            let run = try await host.ended(on: thread.id)
            _ = try await host.engine.createMessage(
                MessageRequest("Next"), in: thread.id, for: .trusted)
            #expect(try await host.onlyRun(of: thread.id) == run)
            await host.close()
        }
    }

    /// Runs, answers calls, and cancels at a random event.
    private func carryOut(
        _ assistant: Assistant, on thread: Assistants.Thread, _ host: TestEngine,
        _ generator: inout SeededGenerator
    ) async throws {
        let end = Int.random(in: 3..<60, using: &generator)
        var count = 0
        var rules = StreamRules()
        var stream = try await host.engine.streamRun(
            RunRequest(assistantID: assistant.id), on: thread.id, for: .trusted)
        while true {
            for try await event in stream {
                rules.check(event)
                count += 1
                if count == end, let run = try await host.onlyRun(of: thread.id) {
                    _ = try? await host.engine.cancelRun(run.id, on: thread.id, for: .trusted)
                }
            }
            let run = try #require(try await host.onlyRun(of: thread.id))
            if run.status != .requiresAction { break }
            let outputs = run.requiredAction.map { ToolOutput(toolCallID: $0.id, output: "1") }
            stream = try await host.engine.streamToolOutputs(
                outputs, to: run.id, on: thread.id, for: .trusted)
        }
        #expect(rules.broken == [])
    }
}

/// A run machine in a world that does anything, the same for the same seed.
struct RandomWorld {
    var machine: RunMachine
    var rules = StreamRules()
    var folded = Transcript()
    /// What the model said, unless something came between.
    var said = ""
    /// Whether the run was stopped from outside.
    var wasDisturbed = false
    /// Whether the model refused something, which stands behind the text of its message.
    var wasRefused = false
    private var generator: SeededGenerator
    private var pending: [RunInput] = []

    init(seed: UInt64, tools: [Tool]) {
        generator = SeededGenerator(seed: seed)
        var run = Run(
            id: "run_1", createdAt: 0, assistantID: "asst_1", threadID: "thread_1", expiresAt: 600,
            model: "m", tools: tools)
        run.allowsParallelToolCalls = Bool.random(using: &generator)
        if Int.random(in: 0..<4, using: &generator) == 0 { run.maxCompletionTokens = 30 }
        machine = RunMachine(run, identifiers: IdentifierSource(generator))
    }

    mutating func live() {
        take(.started)
        var steps = 0
        while !machine.run.status.isTerminal {
            steps += 1
            if steps > 5000 { return }
            if Int.random(in: 0..<200, using: &generator) == 0 { disturb() }
            if !pending.isEmpty {
                take(pending.removeFirst())
            } else if machine.run.status == .requiresAction {
                take(
                    .outputsSubmitted(
                        machine.run.requiredAction.map {
                            ToolOutput(toolCallID: $0.id, output: "1")
                        }
                    ))
            } else {
                return
            }
        }
    }

    private mutating func disturb() {
        wasDisturbed = true
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: take(.cancelAsked)
        case 1: take(.expired)
        case 2: take(.modelFailed(ModelError(.unreachable, "Gone.")))
        default: take(.modelEnded)
        }
    }

    private mutating func take(_ input: RunInput) {
        if case .model(.text(let text)) = input { said += text }
        if case .model(.refusal) = input { wasRefused = true }
        for action in machine.handle(input, at: 5) {
            switch action {
            case .emit(let event):
                rules.check(event)
                folded.apply(event)
            case .callModel:
                pending = Self.answer(using: &generator).map { .model($0) } + [.modelEnded]
            case .search(let call):
                pending.append(.searchFinished(callID: call.callID, []))
            case .runCode(let call):
                pending += [
                    .codePrinted(callID: call.callID, "1"),
                    .codeDrew(callID: call.callID, "file-1"),
                    .codeFinished(callID: call.callID, files: ["a.csv"]),
                ]
            case .keepFile, .runFunction: break
            case .stopWork: pending = [.workStopped]
            case .tellReasoning, .acknowledge, .finish: break
            }
        }
    }

    /// One answer: text, thoughts, refusals and calls in any order.
    static func answer(using generator: inout SeededGenerator) -> [ModelEvent] {
        var events: [ModelEvent] = []
        var calls = 0
        for _ in 0..<Int.random(in: 0..<12, using: &generator) {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: events.append(.reasoning("hm"))
            case 1: events.append(.text(" \n"))
            case 2: events.append(.text("【0:"))
            case 3: events.append(.text("0†a】"))
            case 4 where Bool.random(using: &generator): events.append(.refusal("no"))
            case 5, 6:
                if calls == 0 || Bool.random(using: &generator) { calls += 1 }
                let name = ["f", "g", "file_search", "code_interpreter", "made_up"].randomElement(
                    using: &generator)
                events.append(
                    .toolCall(
                        index: calls - 1,
                        id: Bool.random(using: &generator) ? "call_\(calls)" : nil,
                        name: Int.random(in: 0..<5, using: &generator) == 0 ? nil : name,
                        arguments: ["{}", "{\"code\":\"1\"}"]
                            .randomElement(using: &generator) ?? ""))
            default: events.append(.text("wörd "))
            }
        }
        events.append(.usage(Usage(promptTokens: 3, completionTokens: 4)))
        let ends: [ModelFinish] = [.stop, .stop, .stop, .toolCalls, .length, .contentFilter]
        events.append(.finished(ends.randomElement(using: &generator) ?? .stop))
        return events
    }
}

extension String {
    /// The text without its white space.
    fileprivate var words: String { filter { !$0.isWhitespace } }
}
