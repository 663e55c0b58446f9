import Assistants
import FoundationEssentials
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The console's memory")
struct MemoryTests {
    /// A path that nothing has yet; its folder is made by the keeper.
    private static func path(_ name: String) -> String {
        let folder = FileManager.default.temporaryDirectory.path
        return folder + "/switchboard-tests-\(UUID().uuidString)/deep/\(name).json"
    }

    @Test("is the same after it was written and read")
    func roundTrip() throws {
        var memory = Memory()
        memory.since = 17
        memory.lastThread = "thread_1"
        memory.assistantID = "asst_1"
        memory.history = ["one", "two\nlines", "\u{1b}[31m"]
        memory.layout = .init(isSide: true, isBandHidden: true, bandGrowth: -3)
        memory.threads["thread_1"] = .init(
            draft: "half a sen", place: .init(message: "msg_9", row: 3, number: 17), seen: 99,
            assistantID: "asst_2")
        memory.threads[""] = .init(draft: "new")
        #expect(try #require(Memory(bytes: memory.bytes)) == memory)
    }

    @Test("begins anew where its file is damaged", arguments: ["", "{", "[]", "{\"threads\":7}"])
    func damaged(text: String) {
        let memory = Memory(bytes: Array(text.utf8)) ?? Memory()
        #expect(memory.threads.isEmpty)
    }

    @Test("of two consoles does not erase the other's")
    func shared() {
        let path = Self.path("shared")
        let (first, second) = (MemoryKeeper(path: path), MemoryKeeper(path: path))
        first.note(MemoryChange(threads: ["a": .init(draft: "from the first")], lastThread: "a"))
        second.note(MemoryChange(threads: ["b": .init(draft: "from the second")]))
        #expect(first.flush() == nil && second.flush() == nil)
        let memory = first.read(wall: 1)
        #expect(memory.threads["a"]?.draft == "from the first")
        #expect(memory.threads["b"]?.draft == "from the second")
        #expect(memory.lastThread == "a")
        #expect(memory.since > 1)
    }

    @Test("says once when it cannot be written")
    func unwritable() {
        let keeper = MemoryKeeper(path: "/proc/nowhere/memory.json")
        keeper.note(MemoryChange(lastThread: "a"))
        #expect(keeper.flush()?.contains("Drafts cannot be kept") == true)
        #expect(keeper.flush() == nil)
    }

    @Test("brings back thread, draft, reading place and layout")
    func restart() throws {
        var stage = ReadingTests.long()
        stage.type("half a sentence")
        stage.press("C-x |", "PageUp", "PageUp")
        let top = stage.row(2)
        stage.press("C-x C-c")
        var memory = Memory()
        for change in stage.remembered { change.apply(to: &memory) }
        memory = try #require(Memory(bytes: memory.bytes))

        var next = Stage(memory: memory)
        #expect(next.state.current == "thread_1")
        #expect(next.state.layout.isSide)
        #expect(next.shows(" › half a sentence"))
        let messages = stage.state.conversation.transcript.messages
        next.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread, messages: messages, window: 0..<messages.count,
                    total: messages.count, runs: [], steps: [])))
        #expect(next.row(2) == top)
    }

    /// What a sitting in a long thread leaves: the reader scrolled back by a number of pages.
    private static func left(pages: Int) -> (memory: Memory, top: String) {
        var stage = LongThreadTests.opened()
        for _ in 0..<pages {
            stage.press("PageUp")
            for case .loadMessages(let id, let range, let purpose) in stage.effects {
                stage.give(
                    .messages(
                        id, range, range.map(LongThreadTests.message), purpose: purpose,
                        total: 100_000))
            }
            stage.effects = []
        }
        stage.press("C-x C-c")
        var memory = Memory()
        for change in stage.remembered { change.apply(to: &memory) }
        return (Memory(bytes: memory.bytes) ?? Memory(), stage.row(2))
    }

    @Test("finds a reading place among messages that are not loaded")
    func farReadingPlace() throws {
        let (memory, top) = Self.left(pages: 30)
        let place = try #require(memory.threads["thread_1"]?.place)
        let number = try #require(place.number)
        #expect(number < 99_900)
        var stage = Stage(rows: 24, columns: 80, memory: memory)
        stage.give(LongThreadTests.newest)
        #expect(
            stage.effects == [
                .loadMessages("thread_1", number - 30..<number + 30, purpose: .place)
            ])
        // Who leaves before it is found does not lose it.
        var quick = stage
        quick.press("C-x C-c")
        #expect(quick.state.memory.threads["thread_1"]?.place == place)
        stage.give(
            .messages(
                "thread_1", number - 30..<number + 30,
                (number - 30..<number + 30).map(LongThreadTests.message), purpose: .place,
                total: 100_000))
        #expect(stage.row(2) == top)
    }

    @Test("gives way to a reader who went elsewhere while the place is looked for")
    func overtakenReadingPlace() throws {
        let (memory, _) = Self.left(pages: 30)
        var stage = Stage(rows: 24, columns: 80, memory: memory)
        stage.give(LongThreadTests.newest)
        stage.press("M-End")
        stage.give(
            .messages(
                "thread_1", 9..<10, [LongThreadTests.message(9)], purpose: .place, total: 100_000))
        #expect(stage.shows("  message 99999"))
        #expect(stage.shows("following"))
    }

    @Test("is told of a draft with every key")
    func drafts() {
        var stage = Stage()
        stage.type("ab")
        #expect(stage.remembered.compactMap { $0.threads[""]?.draft } == ["a", "ab"])
    }

    @Test("keeps what was sent and queued until the service has it")
    func unsent() {
        var stage = Stage()
        stage.type("first")
        stage.press("Enter")
        #expect(stage.state.memory.threads[""]?.draft == "first")
        stage.type("second")
        stage.press("Enter")
        stage.type("third")
        #expect(stage.state.memory.threads[""]?.draft == "first\n\nsecond\n\nthird")
        stage.give(.threadCreated(number: 1, Stage.thread))
        #expect(stage.state.memory.threads[""] == nil)
        stage.give(.messageSent(number: 1, Stage.question("first")))
        #expect(stage.state.memory.threads["thread_1"]?.draft == "second\n\nthird")
    }

    @Test("calls unread what happened since and was not seen")
    func unread() {
        var memory = Memory()
        memory.since = 1_000
        memory.threads["thread_2"] = .init(seen: 3_000)
        var stage = Stage(memory: memory, isReady: false)
        let summaries = [(1, 2_000), (2, 2_500), (3, 500)].map { number, time in
            ThreadSummary(
                thread: Assistants.Thread(id: "thread_\(number)", createdAt: 1),
                lastActivity: time, messageCount: 1, opening: "x")
        }
        stage.give(.threads(Page(data: summaries, hasMore: false), after: nil))
        #expect(stage.state.unread == ["thread_1"])
    }

    @Test("takes the theme that is made for the terminal's ground, unless one was chosen")
    func ground() {
        var options = ConsoleOptions()
        var (dark, light) = (Theme.builtIn, Theme.builtIn)
        (dark.name, dark.ground) = ("Dark", .dark)
        (light.name, light.ground) = ("Light", .light)
        options.themes = [dark, light]
        var stage = Stage(options: options)
        stage.input(.reply(.background(red: 255, green: 255, blue: 240)))
        #expect(stage.state.palette.name == "Light")
        stage.input(.reply(.darkColours(true)))
        #expect(stage.state.palette.name == "Dark")
        options.isThemeChosen = true
        var chosen = Stage(options: options)
        chosen.input(.reply(.background(red: 255, green: 255, blue: 240)))
        #expect(chosen.state.palette.name == "Dark")
    }
}
