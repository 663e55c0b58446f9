import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Any sequence of keys and events")
struct RandomTests {
    @Test("never traps, and the screen equals a fresh draw", arguments: 1...6)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let sizes = [(24, 80), (15, 60), (40, 120), (5, 20), (7, 33), (3, 12)]
        let size = sizes[Int(seed) % sizes.count]
        var stage = Stage(rows: size.0, columns: size.1)
        stage.drawsAlways = false
        var script = RandomScript()
        for step in 0..<2_000 {
            script.step(&stage, &generator)
            if Int.random(in: 0..<8, using: &generator) == 0 { stage.show() }
            if step % 40 == 0 {
                stage.show()
                #expect(stage.picture == stage.freshPicture(), "step \(step)")
            }
        }
    }
}

/// What may happen, one thing at a time.
private struct RandomScript {
    private var run = 0
    private var message = 0
    private var text = ""
    private static let keys = Command.table.flatMap { $0.keys.flatMap(\.names) }
        .filter { $0 != "C-c C-c" && $0 != "C-d C-d" && $0 != "C-x C-c" }
    private static let pieces = [
        "Hello ", "# Head\n", "称号", "👩‍👩‍👧", "e\u{301}", "| a | b |\n|---|---|\n", "- item\n",
        "```swift\nlet x = 1\n", "```\n", "【4:0†a.txt】", "【", "\u{1b}[31m", "\n\n", "**bold", "\t",
        "a very long word" + String(repeating: "x", count: 200), "\u{202E}abc",
    ]

    mutating func step(_ stage: inout Stage, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<24, using: &generator) {
        case 0..<9:
            for part in Self.keys.randomElement(using: &generator)!.split(separator: " ") {
                if let key = Key(name: part) { stage.input(.key(key)) }
            }
        case 9..<12:
            let characters = Array("abc /qyz:?é称\u{301}👍🏽\u{1}")
            stage.input(.key(Key(.character(characters.randomElement(using: &generator)!))))
        case 12: stage.input(.paste(Self.pieces.randomElement(using: &generator)!))
        case 13: stage.input(.escapeSettled)
        case 14: stage.wait(.milliseconds(Int.random(in: 1..<40_000, using: &generator)))
        case 15: mouse(&stage, &generator)
        case 16: thread(&stage, &generator)
        case 17: result(&stage, &generator)
        case 18..<20: begin(&stage)
        default: stream(&stage, &generator)
        }
    }

    private func mouse(_ stage: inout Stage, _ generator: inout SeededGenerator) {
        let actions: [MouseEvent.Action] = [.wheelUp, .wheelDown, .press(.left), .drag(.left)]
        stage.input(
            .mouse(
                MouseEvent(
                    actions.randomElement(using: &generator)!,
                    row: Int.random(in: 0..<50, using: &generator),
                    column: Int.random(in: 0..<130, using: &generator))))
    }

    private func thread(_ stage: inout Stage, _ generator: inout SeededGenerator) {
        let id = "thread_\(Int.random(in: 1..<6, using: &generator))"
        var thread = Stage.thread
        thread.id = id
        thread.metadata["title"] = Self.pieces.randomElement(using: &generator)
        let kinds: [ServiceEvent.Kind] = [
            .threadChanged(thread), .threadDeleted, .assistantChanged(Stage.analyst),
            .assistantDeleted("asst_1"), .modelsChanged, .messageDeleted("msg_\(message)"),
            .reasoning(Self.pieces.randomElement(using: &generator)!),
        ]
        stage.tell([kinds.randomElement(using: &generator)!], thread: id)
    }

    private func result(_ stage: inout Stage, _ generator: inout SeededGenerator) {
        let id = stage.state.current
        let count = Int.random(in: 0..<90, using: &generator)
        let start = Int.random(in: 0..<200, using: &generator)
        let messages = (0..<count).map { Stage.question("line \($0)", id: "old_\(start + $0)") }
        let summaries = (1..<6).map { number in
            var thread = Stage.thread
            thread.id = "thread_\(number)"
            return ThreadSummary(
                thread: thread, lastActivity: number, messageCount: 1, opening: "opening \(number)")
        }
        let results: [EffectResult] = [
            .threads(Page(data: summaries, hasMore: Bool.random(using: &generator)), after: nil),
            .assistants([Stage.analyst, Stage.guide]),
            .threadCreated(number: stage.state.lastSending, Stage.thread),
            .opened(
                id,
                OpenedThread(
                    thread: nil, messages: messages, window: start..<start + count,
                    total: start + count, runs: [], steps: [])),
            .messages(
                id, start..<start + count, messages,
                purpose: [.older, .newer, .jump].randomElement(using: &generator)!, total: 290),
            .sendingFailed(
                number: stage.state.lastSending, threadID: id, step: .message, "it failed"),
            .failed(threadID: id, "\u{1b}]0;title\u{7} failed"),
            .copied(what: "message", routes: []),
        ]
        stage.give(results.randomElement(using: &generator)!)
    }

    private mutating func begin(_ stage: inout Stage) {
        run += 1
        message += 1
        text = ""
        let (run, id) = ("run_\(run)", "msg_\(message)")
        stage.tell(.run(.queued, Stage.run(run, .queued)))
        stage.tell(.run(.inProgress, Stage.run(run, .inProgress)))
        stage.answer(id, run: run)
        if self.run % 3 == 0 { stage.state.show(thread: "thread_1") }
    }

    private mutating func stream(_ stage: inout Stage, _ generator: inout SeededGenerator) {
        let piece = Self.pieces.randomElement(using: &generator)!
        let (run, id) = ("run_\(run)", "msg_\(message)")
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: stage.complete(text, id, run: run)
        case 1:
            var waiting = Stage.run(run, .requiresAction)
            waiting.requiredAction = [
                ToolCall(
                    id: "call_1", kind: .function(name: piece, arguments: "{\"a\":1}", output: nil))
            ]
            stage.tell(.run(.requiresAction, waiting))
        case 2:
            let call = ToolCall(id: "call", kind: .codeInterpreter(input: piece, outputs: []))
            stage.tell(.step(.created, Stage.step("s\(self.run)", run: run, .toolCalls([call]))))
        case 3:
            var failed = Stage.run(run, .failed)
            failed.lastError = RunError(code: .serverError, message: piece)
            stage.tell(.run(.failed, failed))
        default:
            text += piece
            stage.delta(piece, to: id)
        }
    }
}
