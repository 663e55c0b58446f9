import Assistants
import Speech
import Terminal
import TestSupport
import Testing
import Transport

@testable import Console

@Suite("Speaking in the console")
struct SpeakingTests {
    private static func orders(_ stage: Stage) -> [SpeechOrder] {
        stage.effects.compactMap { if case .speech(let order) = $0 { order } else { nil } }
    }

    private static func answered(rows: Int = 24, columns: Int = 80) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.begin()
        stage.answer()
        stage.delta("An answer.")
        stage.complete("An answer.")
        stage.effects = []
        return stage
    }

    @Test("speaks the last answer, or the message that is selected")
    func message() {
        var stage = Self.answered()
        stage.press("C-x s")
        #expect(Self.orders(stage) == [.begin(1), .more("An answer."), .finish])
        #expect(stage.row(23).contains("speaking"))
        stage.effects = []
        stage.press("Tab", "{", "{", "s")
        #expect(Self.orders(stage) == [.stop, .begin(2), .more("Hello?"), .finish])
        stage.give(.spoken(1, failure: nil))
        #expect(stage.row(23).contains("speaking"), "what was stopped says nothing of what is")
        stage.give(.spoken(2, failure: nil))
        #expect(!stage.row(23).contains("speaking"))
    }

    @Test("speaks new answers while they are written, each after the one before")
    func new() {
        var stage = Stage()
        stage.press("C-x S")
        #expect(stage.shows("New answers are spoken"))
        stage.begin()
        stage.answer()
        stage.delta("One ")
        stage.delta("two.")
        #expect(Self.orders(stage) == [.begin(1), .more("One "), .more("two.")])
        stage.complete("One two.")
        stage.effects = []
        stage.begin(run: "run_2")
        stage.answer("msg_3", run: "run_2")
        #expect(Self.orders(stage) == [.begin(2)])
        stage.effects = []
        stage.press("C-x S")
        #expect(Self.orders(stage) == [.stop])
        #expect(stage.shows("not spoken any more"))
        stage.effects = []
        stage.tell(.messageDelta(MessageDelta(id: "msg_3", text: "more")))
        #expect(Self.orders(stage).isEmpty)
    }

    @Test("speaks no question, no other thread and nothing that was there before")
    func others() {
        var stage = Self.answered()
        stage.press("C-x S")
        stage.tell([.messageAdded(Stage.question("And?"))])
        stage.tell(
            .message(.created, Message(id: "m9", createdAt: 1, threadID: "t2", role: .assistant)),
            thread: "thread_2")
        #expect(Self.orders(stage).isEmpty)
    }

    @Test("speaks a whole answer that came without deltas, and ends one whose run ended")
    func withoutDeltas() {
        var stage = Stage()
        stage.press("C-x S")
        stage.begin()
        stage.answer()
        stage.complete("All at once.")
        #expect(Self.orders(stage) == [.begin(1), .more("All at once."), .finish])
        stage.effects = []
        stage.begin(run: "run_2")
        stage.answer("msg_3", run: "run_2")
        stage.tell(.run(.failed, Stage.run("run_2", .failed)))
        #expect(Self.orders(stage) == [.begin(2), .finish])
    }

    @Test("speaks the first answer of a thread that is not yet known to be there")
    func newThread() {
        var stage = Stage()
        stage.press("C-x S")
        stage.type("Hello?")
        stage.press("Enter")
        stage.answer()
        stage.delta("An answer.")
        #expect(Self.orders(stage) == [.begin(1), .more("An answer.")])
    }

    @Test(
        "is silent at once by key, and says the key while it speaks",
        arguments: [(24, 80), (15, 60)])
    func stop(rows: Int, columns: Int) {
        var stage = Self.answered(rows: rows, columns: columns)
        stage.press("F8")
        #expect(Self.orders(stage).isEmpty)
        stage.press("C-x s")
        #expect(stage.row(rows - 1).contains("F8 silence"))
        #expect(stage.row(rows - 1).contains("speaking"))
        stage.effects = []
        stage.press("F8")
        #expect(Self.orders(stage) == [.stop])
        #expect(!stage.row(rows - 1).contains("speaking"))
    }

    @Test("says what failed, and drops what was to come")
    func failure() {
        var stage = Self.answered()
        stage.press("C-x S", "C-x s")
        stage.begin(run: "run_2")
        stage.answer("msg_3", run: "run_2")
        stage.effects = []
        stage.give(.spoken(1, failure: "The account's \u{1B}[31mcharacters are used up."))
        #expect(Self.orders(stage) == [.stop])
        #expect(stage.row(23).contains("characters are used up"))
        #expect(!stage.row(23).contains("speaking"))
        stage.effects = []
        stage.give(.spoken(2, failure: "late"))
        #expect(!stage.shows("late"))
        stage.press("C-x c")
        stage.press("C-x s")
        #expect(stage.shows("There is no message to speak."))
    }

    @Test("does what it was told, in order, until silence", .timeLimit(.minutes(1)))
    func voice() async throws {
        let service = try ScriptedVoice()
        let home = try ProgramHome()
        let script = try home.write("cat >> \"$1\"\n", to: "player")
        var setup = SpeechSetup(transport: AsyncHTTPTransport.shared)
        setup.url = service.url
        setup.key = "k"
        setup.player = Player(command: "sh \(script) \(home.path)/heard")
        let voice = Voice(setup)
        let (results, report) = AsyncStream<EffectResult>.makeStream()
        let texts = ["This is the first message.", "And this is the second one."]
        for (number, text) in texts.enumerated() {
            voice.take(.begin(number)) { report.yield($0) }
            voice.take(.more(String(text.prefix(9)))) { _ in }
            voice.take(.more(String(text.dropFirst(9)))) { _ in }
            voice.take(.finish) { _ in }
        }
        var spoken: [Int] = []
        for await case .spoken(let number, nil) in results {
            spoken.append(number)
            if spoken.count == 2 { break }
        }
        #expect(spoken == [0, 1])
        #expect(service.texts == texts)
        #expect(try home.files()["heard"] == texts.flatMap(ScriptedVoice.sound))
        voice.take(.begin(2)) { report.yield($0) }
        voice.take(.stop) { _ in }
        voice.take(.more("to nobody")) { _ in }
        #expect(service.texts == texts)
    }
}
