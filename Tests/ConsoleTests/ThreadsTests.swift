import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The threads")
struct ThreadsTests {
    static func summary(_ number: Int, _ title: String, run: Run.ID? = nil) -> ThreadSummary {
        ThreadSummary(
            thread: Assistants.Thread(
                id: "thread_\(number)", createdAt: 1, metadata: ["title": title]),
            lastActivity: 1_785_000_000 - 3_600 * number, messageCount: 2, opening: "opening",
            activeRun: run)
    }

    static func three(rows: Int = 14, columns: Int = 44) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        let page = Page(
            data: [
                summary(1, "Revenue"), summary(2, "Weather", run: "run_9"), summary(3, "称号"),
            ], hasMore: false)
        stage.give(.threads(page, after: nil))
        stage.effects = []
        return stage
    }

    @Test("are listed newest first, with what runs and what is unread")
    func list() {
        var stage = Self.three()
        stage.tell([.messageAdded(Stage.question("news", id: "m9"))], thread: "thread_3")
        stage.press("F2")
        #expect(
            stage.screen.driver.text[0...5] == [
                " Analyst                         new thread",
                "─ Threads ────────────────────────────── 3 ─",
                " ● 称号                               17:20",
                "   Revenue                            16:20",
                " ◐ Weather                            15:20",
                "────────────────────────────────────────────",
            ])
    }

    @Test("hold a new one as soon as it is there, read and first")
    func new() {
        var stage = Self.three(columns: 80)
        // The list was asked for before the thread was made, and comes after it.
        stage.state.loadThreads()
        stage.type("Hello?")
        stage.press("Enter")
        let number = stage.state.lastSending
        let thread = Assistants.Thread(id: "thread_4", createdAt: 1_785_000_000)
        var message = Stage.question("Hello?")
        message.threadID = "thread_4"
        stage.tell([.threadChanged(thread), .messageAdded(message)], thread: "thread_4")
        stage.give(.threadCreated(number: number, thread))
        stage.give(.messageSent(number: number, message))
        let old = Page(
            data: [Self.summary(1, "Revenue"), Self.summary(2, "Weather")], hasMore: false)
        stage.give(.threads(old, after: nil))
        stage.press("F2")
        #expect(stage.row(2).hasPrefix("   › Hello?"))
        #expect(stage.row(3).hasPrefix("   Revenue"))
        stage.press("Esc", "F6", "F5")
        #expect(stage.state.current == "thread_4")
        #expect(!stage.state.unread.contains("thread_4"))
        // It is asked for again, and then is what the service says.
        for _ in 0..<2 {
            #expect(stage.state.isLoadingThreads)
            stage.give(.threads(old, after: nil))
        }
        #expect(!stage.state.isLoadingThreads)
        #expect(stage.state.threads.count == 2)
    }

    @Test("are asked for again after a failure")
    func failedList() {
        var stage = Self.three()
        stage.press("F2")
        stage.give(.threadsFailed("The disk is gone."))
        stage.press("F2", "F2")
        #expect(stage.state.isLoadingThreads)
    }

    @Test("open with Enter, and are read from the service once")
    func open() {
        var stage = Self.three()
        stage.press("F2", "Down", "Enter")
        #expect(stage.effects == [.open("thread_2", limit: 60)])
        #expect(stage.state.popups.isEmpty)
        stage.press("F6")
        stage.press("F5")
        #expect(stage.effects == [.open("thread_2", limit: 60), .open("thread_3", limit: 60)])
        #expect(stage.row(0) == " Analyst                       Weather  2/3")
    }

    @Test("are found by typing after /")
    func filter() {
        var stage = Self.three()
        stage.press("F2", "/")
        stage.type("weat")
        #expect(stage.row(2) == " / weat")
        #expect(stage.row(3).hasPrefix(" ◐ Weather"))
        stage.press("Enter")
        #expect(stage.state.current == "thread_2")
    }

    @Test("are found by typing a letter that means nothing else")
    func typing() {
        var stage = Self.three()
        stage.press("F2")
        stage.type("wea")
        #expect(stage.row(2) == " / wea")
        #expect(stage.row(3).hasPrefix(" ◐ Weather"))
    }

    @Test("that are gone give way to a new one")
    func missing() {
        var memory = Memory()
        memory.lastThread = "thread_9"
        var stage = Stage(memory: memory)
        #expect(stage.state.current == "thread_9")
        stage.give(.threadMissing("thread_9"))
        #expect(stage.state.current.isEmpty)
        #expect(stage.shows("Analyst answers, with gpt-oss:20b by Ollama"))
    }

    @Test("are renamed, and nothing but the title changes")
    func rename() {
        var stage = Self.three()
        stage.press("F2", "r")
        for _ in 0..<7 { stage.press("Backspace") }
        stage.type("Profit")
        stage.press("Enter")
        guard case .rename(let thread, let title) = stage.effects.last else {
            Issue.record("nothing was renamed")
            return
        }
        #expect(thread.id == "thread_1" && title == "Profit")
        #expect(stage.shows("   Profit"))
    }

    @Test("are deleted only after ten seconds, in which u brings them back")
    func delete() {
        var stage = Self.three(columns: 80)
        stage.press("F2", "d")
        #expect(!stage.shows("   Revenue"))
        #expect(stage.shows("Deleted “Revenue” · u brings it back"))
        stage.press("u")
        #expect(stage.shows("   Revenue"))
        stage.wait(.seconds(11))
        #expect(stage.effects.isEmpty)
        stage.press("d")
        stage.wait(.seconds(11))
        #expect(stage.effects == [.deleteThread("thread_1")])
    }

    @Test("that wait to be deleted are deleted when the program ends")
    func deleteAtExit() {
        var stage = Self.three()
        stage.press("F2", "d", "Esc", "C-x C-c")
        #expect(stage.effects == [.deleteThread("thread_1"), .quit])
    }

    @Test("keep what is written in each")
    func drafts() {
        var stage = Self.three()
        stage.type("for a new one")
        stage.press("F2", "Enter")
        stage.type("for revenue")
        stage.press("C-x c")
        #expect(stage.state.conversation.draft.text == "for a new one")
        stage.press("F2", "Enter")
        #expect(stage.state.conversation.draft.text == "for revenue")
    }

    @Test("with something unread are gone to by key")
    func unread() {
        var stage = Self.three()
        stage.tell([.messageAdded(Stage.question("news", id: "m9"))], thread: "thread_3")
        stage.press("M-u")
        #expect(stage.state.current == "thread_3")
        #expect(stage.state.unread.isEmpty)
    }

    /// A question, and the first half of an answer that a host left when it was ended.
    private static func interrupted(_ status: RunStatus) -> Stage {
        var stage = Stage()
        stage.state.show(thread: "thread_1")
        var half = Stage.answer("msg_2", "The beginn", .incomplete)
        half.incompleteReason = .runFailed
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread, messages: [Stage.question("Hello?"), half],
                    window: 0..<2, total: 2, runs: [Stage.run("run_1", status)], steps: [])))
        return stage
    }

    @Test("say of an answer that was interrupted what became of it")
    func interrupted() {
        var stage = Self.interrupted(.queued)
        #expect(stage.shows("  interrupted · the run goes on"))
        #expect(!stage.shows("failed"))
        stage.tell(.message(.created, Stage.answer("msg_3", "", .inProgress)))
        stage.delta("The beginning.", to: "msg_3")
        stage.complete("The beginning.", "msg_3")
        #expect(stage.shows("  interrupted · what follows was written anew"))
        #expect(!stage.shows("failed"))
        #expect(Self.interrupted(.failed).shows("  failed: the run failed"))
    }

    @Test(
        "show failures without text in their places when they are read",
        arguments: [(60, 0), (0, 0), (1, 1)])
    func failures(seconds: Int, runAfter: Int) throws {
        var stage = Stage()
        stage.state.show(thread: "thread_1")
        var messages = [Stage.question("first"), Stage.question("second", id: "msg_2")]
        messages[1].createdAt += seconds
        messages.append(Stage.answer("msg_3", "Good.", .completed, run: "run_2"))
        messages[2].createdAt += seconds
        var runs = [Stage.run("run_1", .failed), Stage.run("run_2", .completed)]
        runs[0].lastError = RunError(code: .rateLimitExceeded, message: "Too many requests.")
        runs[0].createdAt += runAfter
        runs[1].createdAt += seconds
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread, messages: messages, window: 0..<3, total: 3,
                    runs: runs, steps: [])))
        let text = stage.screen.driver.text
        let failure = try #require(text.firstIndex { $0 == "  failed: Too many requests." })
        #expect(text[failure - 2] == "  first" && text[failure + 3] == "  second")
    }

    @Test("have a plain word where the service cannot list them")
    func unavailable() {
        var stage = Stage()
        stage.give(.threadsUnavailable)
        stage.press("F2")
        #expect(stage.shows("This service does not list threads."))
    }
}

@Suite("A long thread")
struct LongThreadTests {
    static func message(_ number: Int) -> Message {
        Stage.question("message \(number)", id: "msg_\(number)")
    }

    /// A thread of 100,000 messages of which the newest sixty were read.
    static func opened() -> Stage {
        var stage = Stage(rows: 24, columns: 80)
        stage.state.show(thread: "thread_1")
        stage.give(newest)
        stage.effects = []
        return stage
    }

    /// What the service says of it first.
    static var newest: EffectResult {
        let window = 99_940..<100_000
        return .opened(
            "thread_1",
            OpenedThread(
                thread: Stage.thread, messages: window.map(message), window: window,
                total: 100_000, runs: [], steps: []))
    }

    @Test("opens at its end, and lays out only what is seen")
    func open() {
        let stage = Self.opened()
        #expect(stage.shows("  message 99999"))
        #expect(stage.state.conversation.chat.items.filter(\.isExact).count < 12)
        #expect(stage.effects.isEmpty)
    }

    @Test("is read further when the reader gets there, and nothing moves")
    func older() {
        var stage = Self.opened()
        while stage.effects.isEmpty { stage.press("PageUp") }
        #expect(
            stage.effects == [.loadMessages("thread_1", 99_880..<99_940, purpose: .older)])
        let picture = stage.picture
        stage.give(
            .messages(
                "thread_1", 99_880..<99_940, (99_880..<99_940).map(Self.message),
                purpose: .older, total: 100_000))
        #expect(stage.picture == picture)
        for _ in 0..<5 { stage.press("PageUp") }
        #expect(stage.shows("  message 99930") || stage.shows("  message 99920"))
    }

    @Test("jumps to its beginning and back without reading what lies between")
    func jump() {
        var stage = Self.opened()
        stage.press("M-Home")
        #expect(stage.effects == [.loadMessages("thread_1", 0..<60, purpose: .jump)])
        stage.give(
            .messages(
                "thread_1", 0..<60, (0..<60).map(Self.message), purpose: .jump, total: 100_000))
        #expect(stage.shows("  message 0"))
        // What happens at the end now is counted, not shown here.
        stage.tell([.messageAdded(Stage.question("news", id: "new"))])
        #expect(stage.state.conversation.total == 100_001)
        stage.effects = []
        stage.press("M-End")
        #expect(
            stage.effects == [.loadMessages("thread_1", 99_941..<100_001, purpose: .jump)])
        stage.give(
            .messages(
                "thread_1", 99_941..<100_001,
                (99_941..<100_000).map(Self.message) + [Stage.question("news", id: "new")],
                purpose: .jump, total: 100_001))
        #expect(stage.shows("  news"))
        #expect(stage.shows("following"))
    }

    @Test("shows nothing of a message whose beginning it did not hear, until it is read")
    func middle() {
        var stage = Stage()
        stage.tell([.messageAdded(Stage.question("Hello?"))], thread: "thread_1")
        stage.delta("the middle", to: "msg_2")
        stage.state.show(thread: "thread_1")
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread,
                    messages: [
                        Stage.question("Hello?"),
                        Stage.answer("msg_2", "the beginning, the middle", .inProgress),
                    ], window: 0..<2, total: 2, runs: [], steps: [])))
        stage.delta(", the end", to: "msg_2")
        #expect(stage.shows("  the beginning, the middle, the end▌"))
    }

    @Test("keeps what was heard live when it is read")
    func live() {
        var stage = Stage()
        stage.tell(.run(.queued, Stage.run("run_1", .queued)))
        stage.answer()
        stage.delta("live text")
        stage.state.show(thread: "thread_1")
        stage.give(
            .opened(
                "thread_1",
                OpenedThread(
                    thread: Stage.thread,
                    messages: [
                        Stage.question("Hello?"), Stage.answer("msg_2", "live", .inProgress),
                    ],
                    window: 0..<2, total: 2, runs: [Stage.run("run_1", .queued)], steps: [])))
        #expect(stage.shows("  Hello?"))
        #expect(stage.shows("  live text▌"))
        #expect(stage.state.conversation.total == 2)
    }
}
