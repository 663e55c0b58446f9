import Assistants
import Terminal
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("Attached files")
struct AttachingTests {
    private static let report = Array("/home/me/report.csv".utf8)
    private static let chart = Array("/home/me/chart.png".utf8)
    private static let facts = LocalFile.Facts(size: 12_345, modified: 7, isPicture: false)
    private static let picture = LocalFile.Facts(size: 3_000, modified: 7, isPicture: true)

    /// A console whose assistant has tools for files, with a file attached.
    private func stage(
        _ tools: [Tool] = [.codeInterpreter], rows: Int = 24, columns: Int = 80
    ) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        var coder = Stage.analyst
        coder.tools = tools
        stage.give(.assistants([coder, Stage.guide]))
        stage.state.attach(Self.report)
        stage.give(.examined(Self.report, for: "", .success(Self.facts)))
        stage.effects = []
        return stage
    }

    private func sending(_ stage: Stage) -> Sending? {
        for case .send(let sending) in stage.effects.reversed() { return sending }
        return nil
    }

    @Test("stand as chips over the input line, with what they are for")
    func chips() {
        var stage = stage([.codeInterpreter, .fileSearch(options: [:])])
        #expect(stage.row(21) == "   [report.csv 12.3 kB · for code and search]")
        stage.state.attach(Self.chart)
        stage.give(.examined(Self.chart, for: "", .success(Self.picture)))
        #expect(stage.row(21).hasSuffix("[chart.png 3.0 kB · picture]"))
        #expect(self.stage([.codeInterpreter]).row(21) == "   [report.csv 12.3 kB · for code]")
        let small = self.stage([.codeInterpreter], rows: 15, columns: 40)
        #expect(small.row(12) == "   [report.csv 12.3 kB · for code]")
    }

    @Test("are removed by Backspace before the text, the last one first")
    func remove() {
        var stage = stage()
        stage.state.attach(Self.chart)
        stage.type("x")
        stage.press("Backspace")
        #expect(stage.state.conversation.attached.count == 2)
        stage.press("Backspace")
        #expect(stage.state.conversation.attached.map(\.name) == ["report.csv"])
        stage.press("Backspace", "Backspace")
        #expect(stage.state.conversation.attached.isEmpty && stage.row(21).hasPrefix("──"))
    }

    @Test("go with the message, and are told of while they are uploaded")
    func send() {
        var stage = stage()
        stage.type("sum it up")
        stage.press("Enter")
        #expect(sending(stage)?.files.map(\.path) == [Self.report])
        #expect(sending(stage)?.fileTools == [.codeInterpreter])
        #expect(stage.state.conversation.attached.isEmpty)
        #expect(stage.shows("  + report.csv 12.3 kB · uploading…"))
        let file = File(
            id: "file-1", purpose: "assistants", filename: "report.csv", byteCount: 12_345,
            createdAt: 1)
        stage.give(.uploaded(file, Self.facts, number: 1, place: 0))
        #expect(stage.shows("  + report.csv 12.3 kB · uploaded"))
        stage.give(.threadCreated(number: 1, Stage.thread))
        var message = Stage.question("sum it up")
        message.attachments = [["file_id": "file-1", "tools": [["type": "code_interpreter"]]]]
        stage.give(.messageSent(number: 1, message))
        #expect(stage.row(3) == "  sum it up")
        #expect(stage.row(4) == "  + report.csv 12.3 kB · for code")
    }

    @Test("are back where they were, when something could not be uploaded")
    func failure() {
        var stage = stage()
        stage.type("sum it up")
        stage.press("Enter")
        stage.give(
            .sendingFailed(number: 1, threadID: "", step: .files, "report.csv is not there."))
        #expect(stage.state.conversation.draft.text == "sum it up")
        #expect(stage.state.conversation.attached.map(\.path) == [Self.report])
        #expect(stage.shows("The message was not sent: report.csv is not there."))
        // Where something else is written by then, the message waits in front of it.
        stage.press("Enter")
        stage.type("next")
        stage.give(.sendingFailed(number: 2, threadID: "", step: .files, "No."))
        #expect(stage.state.conversation.draft.text == "next")
        #expect(stage.shows("sum it up [report.csv]  (waits: Enter sends it)"))
        stage.press("C-u", "M-Up")
        #expect(stage.state.conversation.attached.map(\.path) == [Self.report])
    }

    @Test("are refused where the assistant has no use for them, before anything is sent")
    func useless() {
        var stage = stage([])
        #expect(stage.row(21) == "   [report.csv 12.3 kB · no tool for it]")
        stage.type("sum it up")
        stage.press("Enter")
        #expect(sending(stage) == nil)
        #expect(stage.row(23).contains("Analyst neither runs code nor searches files"))
        #expect(stage.state.conversation.draft.text == "sum it up")
        // A picture is for the model.
        stage.press("Home", "Backspace")
        stage.state.attach(Self.chart)
        stage.give(.examined(Self.chart, for: "", .success(Self.picture)))
        stage.press("Enter")
        #expect(sending(stage)?.files.map(\.name) == ["chart.png"])
    }

    @Test("stay with their draft in its thread, and in the queue with their message")
    func threads() {
        var stage = ThreadsTests.three(rows: 24, columns: 80)
        stage.press("F2", "Down", "Enter")
        let first = stage.state.current
        stage.state.attach(Self.report)
        stage.press("F2", "Down", "Enter")
        #expect(stage.state.current != first && stage.state.conversation.attached.isEmpty)
        stage.press("F2", "Up", "Enter")
        #expect(stage.state.conversation.attached.map(\.name) == ["report.csv"])
    }

    @Test("say what is wrong with a file, and go")
    func wrong() {
        var stage = stage()
        stage.state.attach(Self.chart)
        let problem = LocalFile.Problem(message: "chart.png is a folder.")
        stage.give(.examined(Self.chart, for: "", .failure(problem)))
        #expect(stage.state.conversation.attached.map(\.name) == ["report.csv"])
        #expect(stage.row(23).contains("chart.png is a folder."))
    }

    @Test("wait for words")
    func words() {
        var stage = stage()
        stage.press("Enter")
        #expect(sending(stage) == nil)
        #expect(stage.row(23).contains("Write what is to be done with what is attached."))
    }

    @Test("of a thread that is read are asked for once")
    func names() {
        var stage = Stage()
        stage.state.show(thread: "thread_1")
        var message = Stage.question("this")
        message.attachments = [["file_id": "file-9", "tools": []]]
        message.content.append(.imageFile(fileID: "file-8", detail: nil))
        let opened = OpenedThread(
            thread: Stage.thread, messages: [message], window: 0..<1, total: 1, runs: [], steps: [])
        stage.effects = []
        stage.give(.opened("thread_1", opened))
        #expect(stage.effects.last == .loadFiles(["file-9", "file-8"]))
        #expect(stage.shows("  + file-9") && stage.shows("  + file-8 · picture"))
        let file = File(
            id: "file-9", purpose: "assistants", filename: "a\u{202e}b.txt", byteCount: 5,
            createdAt: 1)
        stage.give(.files([file]))
        #expect(stage.shows("  + a<U+202E>b.txt 5 bytes"))
        stage.effects = []
        stage.give(.opened("thread_1", opened))
        #expect(stage.effects.isEmpty)
    }
}
