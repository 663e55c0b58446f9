import Assistants
import Terminal
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("Files of a draft")
struct AttachedDraftTests {
    private static let report = Array("/home/me/report.csv".utf8)
    private static let chart = Array("/home/me/chart.png".utf8)
    private static let facts = LocalFile.Facts(size: 12_345, modified: 7, isPicture: false)

    /// A console whose assistant has tools for files.
    private func stage(_ memory: Memory = Memory(), folder: String = "") -> Stage {
        var options = ConsoleOptions()
        options.folder = folder
        var stage = Stage(options: options, memory: memory, isReady: false)
        var coder = Stage.analyst
        coder.tools = [.codeInterpreter]
        stage.give(.assistants([coder, Stage.guide]))
        return stage
    }

    private func sent(_ stage: Stage) -> [[UInt8]]? {
        for case .send(let sending) in stage.effects.reversed() {
            return sending.files.map(\.path)
        }
        return nil
    }

    @Test("are there again in the next sitting, looked at anew")
    func restored() throws {
        var first = stage()
        first.type("sum it up")
        first.state.attach(Self.report)
        let memory = try #require(Memory(bytes: first.state.memory.bytes))
        var second = stage(memory)
        #expect(second.effects.contains(.examine(Self.report, for: "")))
        second.give(.examined(Self.report, for: "", .success(Self.facts)))
        #expect(second.row(21) == "   [report.csv 12.3 kB · for code]")
        second.press("Enter")
        #expect(sent(second) == [Self.report])
        #expect(second.state.memory.threads[""]?.files == [Self.report])
        second.give(.threadCreated(number: 1, Stage.thread))
        second.give(.messageSent(number: 1, Stage.question("sum it up")))
        #expect(second.state.memory.threads["thread_1"]?.files == [])
    }

    @Test("that are gone stay as chips with what is wrong, and refuse sending until removed")
    func gone() {
        var memory = Memory()
        memory.threads[""] = .init(draft: "sum it up", files: [Self.report, Self.chart])
        var stage = stage(memory)
        let problem = LocalFile.Problem(message: "report.csv is not there.")
        stage.give(.examined(Self.report, for: "", .failure(problem)))
        stage.give(.examined(Self.chart, for: "", .success(Self.facts)))
        #expect(stage.row(21).hasPrefix("   [report.csv · is not there]  [chart.png"))
        stage.press("Enter")
        #expect(sent(stage) == nil)
        #expect(stage.row(23).contains("report.csv is not there. Backspace before"))
        // The one that cannot be sent goes first.
        stage.press("Home", "Backspace", "Enter")
        #expect(sent(stage) == [Self.chart])
    }

    @Test("are remembered by where they are, whatever their names")
    func paths() throws {
        var stage = stage(folder: "/home/me")
        stage.state.attach(Array("report.csv".utf8))
        #expect(stage.state.memory.threads[""]?.files == [Self.report])
        var memory = Memory()
        let odd: [[UInt8]] = [[0x2F, 0xFF, 0xFE], Array("/\u{202e}\n\"\\".utf8)]
        memory.threads["a"] = .init(files: odd)
        #expect(Memory(bytes: memory.bytes)?.threads["a"]?.files == odd)
        let wrong = #"{"threads":{"a":{"draft":"x","files":[1,[300],null,"/b",[-1],{}]}}}"#
        #expect(Memory(bytes: Array(wrong.utf8))?.threads["a"]?.files == [Array("/b".utf8)])
    }

    @Test("are forgotten when they are removed, and with the draft")
    func removed() {
        var stage = stage()
        stage.state.attach(Self.report)
        stage.press("Backspace")
        #expect(stage.state.memory.threads[""] == nil)
        stage.state.attach(Self.report)
        stage.type("x")
        stage.state.delete(thread: "")
        #expect(stage.state.conversation.attached.isEmpty && stage.state.memory.threads[""] == nil)
    }

    /// A console with a message of files in its queue.
    private func queued(_ files: [[UInt8]]) -> Stage {
        var stage = stage()
        stage.begin()
        for file in files { stage.state.attach(file) }
        stage.type("sum it up")
        stage.press("Enter")
        #expect(stage.state.conversation.queue.map(\.files.count) == [files.count])
        #expect(stage.state.memory.threads["thread_1"]?.files == files)
        return stage
    }

    @Test("come back with the text of a message that is removed from the queue")
    func cut() {
        var stage = queued([Self.report])
        stage.state.removeFromQueue()
        #expect(stage.state.conversation.attached.isEmpty)
        stage.press("C-y")
        #expect(stage.state.conversation.draft.text == "sum it up")
        #expect(stage.state.conversation.attached.map(\.path) == [Self.report])
        // Once: the text alone is what is cut from then on.
        stage.press("C-y")
        #expect(stage.state.conversation.attached.count == 1)
    }

    @Test("come back from the queue each once, and no more than ten are sent")
    func queue() {
        let files = (0..<10).map { Array("/f/\($0).txt".utf8) }
        var stage = queued(files)
        stage.state.attach(files[3])
        stage.press("M-Up")
        #expect(stage.state.conversation.attached.map(\.path) == files)
        stage.press("Enter")
        stage.state.attach(Self.report)
        stage.press("M-Up")
        #expect(stage.state.conversation.attached.count == 11)
        #expect(stage.row(23).contains("A message has at most 10 files"))
        stage.press("Enter")
        #expect(stage.state.conversation.queue.isEmpty)
        stage.press("Home", "Backspace", "Enter")
        #expect(stage.state.conversation.queue.map(\.files.count) == [10])
    }
}
