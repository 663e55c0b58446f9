import Assistants
import Processes
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("What is asked for of files and tool calls")
struct FileShelfTests {
    private static let request = PictureRequest(
        fileID: "file_1", columns: 96, rows: 20, colors: .full)

    /// An answer that is over, with these parts.
    private func stage(_ content: [MessageContent]) -> Stage {
        var stage = Stage(rows: 40, columns: 100)
        stage.state.use(depth: .trueColor)
        stage.begin()
        var message = Stage.answer("msg_2", "", .completed)
        message.content = content
        stage.tell(
            .message(.completed, message), .run(.completed, Stage.run("run_1", .completed)))
        return stage
    }

    private func link(_ number: Int) -> Annotation {
        Annotation(
            target: .filePath(fileID: "file_\(number)"), text: "sandbox:/mnt/data/\(number).csv",
            startIndex: 0, endIndex: 1)
    }

    private static func cells() -> PictureCells {
        PictureCells(
            drawing: Array("\u{1B}[38;2;255;0;0m▄▄▄\n".utf8), columns: 96, rows: 20)
    }

    @Test("reaches threads that were left before it came")
    func otherThread() {
        var stage = stage([.imageFile(fileID: "file_1", detail: nil)])
        #expect(stage.effects.last == .drawPicture(Self.request))
        stage.state.show(thread: "")
        var picture = Picture()
        picture.cells = Self.cells()
        stage.give(.picture(Self.request, picture))
        stage.give(.file("file_1", FileInfo(name: "plot.png", byteCount: 3)))
        #expect(!stage.shows("▄▄▄"))
        stage.state.show(thread: "thread_1")
        stage.draw()
        #expect(stage.shows("  ▄▄▄") && stage.shows("plot.png · 3 bytes"))
    }

    @Test("is no more than the rows that are drawn, however many files there are")
    func many() {
        let links = (0..<10_000).map(link)
        var stage = stage([.text(MessageText("x", annotations: links + links))])
        #expect(stage.shows("  and 9,980 more") && stage.shows("  ▫ 19.csv · "))
        #expect(stage.effects == (0..<20).map { Effect.lookUp("file_\($0)") })
        stage.press("C-x w")
        #expect(stage.shows(" 200 and 9,800 more "))
        stage.escape()
        let pictures = (0..<300).map { MessageContent.imageFile(fileID: "p\($0)", detail: nil) }
        stage = self.stage(pictures)
        let drawn = stage.effects.filter { if case .lookUp = $0 { true } else { false } }
        #expect(drawn.count > 20 && drawn.count < 40, "\(drawn.count)")
        #expect(stage.effects.count == drawn.count + 2)
        // Of pictures that are not seen nothing is asked, those that are are drawn.
        #expect(drawn.last == .lookUp("p299") && !drawn.contains(.lookUp("p0")))
    }

    @Test("is asked for again after a while where it failed for now, else not")
    func retries() {
        var stage = stage([.imageFile(fileID: "file_1", detail: nil)])
        #expect(stage.effects == [.lookUp("file_1"), .drawPicture(Self.request)])
        var picture = Picture()
        picture.problem = "cannot be read"
        picture.isTransient = true
        stage.give(.fileNotReached("file_1"))
        stage.give(.picture(Self.request, picture))
        #expect(stage.shows("cannot be read"))
        #expect(stage.state.deadline == stage.now.monotonic + .seconds(10))
        stage.wait(.seconds(9))
        #expect(stage.effects.count == 2)
        stage.wait(.seconds(1))
        #expect(
            stage.effects.dropFirst(2) == [.lookUp("file_1"), .drawPicture(Self.request)])
        #expect(stage.state.deadline == nil)
        stage.give(.file("file_1", nil))
        picture.isTransient = false
        stage.give(.picture(Self.request, picture))
        stage.wait(.seconds(60))
        #expect(stage.effects.count == 4 && stage.state.deadline == nil)
    }

    @Test("is known to have failed for now by the status", arguments: [500, 503, 429, 404, 403])
    func failures(status: Int) async {
        let service = ScriptedService()
        service.fail("file", with: APIError(status: status, message: "No."))
        let runner = EffectRunner(service: service, options: ConsoleOptions())
        runner.perform(.lookUp("file_1"))
        runner.perform(.drawPicture(Self.request))
        runner.finish()
        await runner.run()
        for result in runner.takeResults() {
            switch result {
            case .fileNotReached: #expect(status >= 429)
            case .file(_, nil): #expect(status < 429)
            case .picture(_, let picture):
                #expect(picture.problem == "cannot be read")
                #expect(picture.isTransient == (status >= 429))
            default: Issue.record("another result: \(result)")
            }
        }
    }

    @Test("is read once of a call's arguments, and kept of the shown run alone")
    func calls() {
        var stage = ToolCallTests.waiting()
        for _ in 0..<5 { stage.draw() }
        #expect(stage.state.conversation.toolLayouts.map(\.value.readings) == [1])
        stage.tell(.run(.completed, Stage.run("run_1", .completed)))
        stage.begin(run: "run_2")
        let call = ToolCall(
            id: "call_9", kind: .function(name: "f", arguments: #"{"a":1}"#, output: "1"))
        stage.tell(
            .step(.completed, Stage.step("step_9", run: "run_2", .toolCalls([call]))))
        #expect(stage.shows("a 1"))
        #expect(stage.state.conversation.toolLayouts.keys.map(\.self) == ["step_9call_9"])
    }
}
