import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Sending")
struct SendingTests {
    @Test("makes the thread first, and shows the message at once")
    func first() {
        var stage = Stage(rows: 12, columns: 40)
        stage.type("Hello?")
        stage.press("Enter")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.threadID.isEmpty && sending.text == "Hello?")
        #expect(sending.assistantID == "asst_1")
        #expect(sending.deadline == .seconds(86_400))
        #expect(
            stage.picture == """
                 Analyst                     new thread
                ─ [Chat] ── Tool calls ── Run steps ────
                  you · now
                  Hello?





                ────────────────────────────────────────
                 ›
                 Esc stop  F1 help            ◐ sending
                """)
    }

    @Test("shows a message once, in whatever order its news come", arguments: [false, true])
    func once(eventFirst: Bool) {
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        stage.give(.threadCreated(number: 1, Stage.thread))
        let message = Stage.question("Hello?")
        if eventFirst { stage.tell([.messageAdded(message)]) }
        stage.give(.messageSent(number: 1, message))
        if !eventFirst { stage.tell([.messageAdded(message)]) }
        #expect(stage.screen.driver.text.filter { $0 == "  Hello?" }.count == 1)
    }

    @Test("keeps what was heard of a new thread before the answer that it is there")
    func heardBefore() {
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        stage.tell([.messageAdded(Stage.question("Hello?"))])
        stage.tell(.run(.inProgress, Stage.run("run_1", .inProgress)))
        stage.answer()
        stage.delta("Good ")
        stage.give(.threadCreated(number: 1, Stage.thread))
        stage.give(.messageSent(number: 1, Stage.question("Hello?")))
        stage.delta("day.")
        #expect(stage.shows("Good day."))
        #expect(stage.screen.driver.text.filter { $0 == "  Hello?" }.count == 1)
        #expect(stage.state.conversation.transcript.faults.isEmpty)
    }

    @Test("queues while a run is active, in view, and goes on when it ends")
    func queue() {
        var stage = Stage()
        stage.begin()
        stage.answer()
        stage.effects = []
        stage.type("and then?")
        stage.press("Enter")
        stage.type("and last?")
        stage.press("Enter")
        #expect(stage.effects.isEmpty)
        #expect(stage.shows(" › and then?  (sent when this run ends)"))
        #expect(stage.shows("2 queued"))
        stage.complete("Hi.")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.text == "and then?" && sending.threadID == "thread_1")
        #expect(stage.state.conversation.queue.map(\.text) == ["and last?"])
    }

    @Test("lets a queued message be edited and removed while the run goes on")
    func editQueue() {
        var stage = Stage()
        stage.begin()
        stage.type("and then?")
        stage.press("Enter", "M-Up")
        #expect(stage.state.conversation.queue.isEmpty)
        #expect(stage.state.conversation.draft.text == "and then?")
        stage.press("Enter", "C-x k")
        #expect(stage.state.conversation.queue.isEmpty)
        stage.press("C-y")
        #expect(stage.state.conversation.draft.text == "and then?")
    }

    @Test("holds the queue after a stop, until Enter")
    func held() {
        var stage = Stage()
        stage.begin()
        stage.type("and then?")
        stage.press("Enter")
        stage.escape()
        stage.effects = []
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        #expect(stage.effects.isEmpty)
        #expect(stage.shows("(waits: Enter sends it)"))
        stage.press("Enter")
        #expect(stage.effects.count == 1)
    }

    @Test("sends what was queued after the stop as soon as the run has stopped")
    func afterStop() {
        var stage = Stage()
        stage.begin()
        stage.escape()
        stage.type("rather this")
        stage.press("Enter")
        stage.effects = []
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        #expect(stage.effects.count == 1)
        #expect(stage.state.conversation.queue.isEmpty)
    }

    @Test("sends what was queued in the instant in which the run failed, not what waited longer")
    func lastInstant() {
        for (wait, count) in [(Duration.milliseconds(100), 1), (.seconds(2), 0)] {
            var stage = Stage()
            stage.begin()
            stage.effects = []
            stage.type("and then?")
            stage.press("Enter")
            stage.wait(wait)
            stage.tell(.run(.failed, Stage.run("run_1", .failed)))
            #expect(stage.effects.count == count)
        }
    }

    @Test("sends what was queued while the answer was over before the thread was known")
    func queuedBeforeThread() {
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        stage.type("and then?")
        stage.press("Enter")
        stage.tell([.messageAdded(Stage.question("Hello?"))])
        stage.tell(.run(.inProgress, Stage.run("run_1", .inProgress)))
        stage.answer()
        stage.complete("Hi.")
        stage.effects = []
        stage.give(.threadCreated(number: 1, Stage.thread))
        stage.give(.messageSent(number: 1, Stage.question("Hello?")))
        stage.give(.runStarted(number: 1, Stage.run("run_1", .queued)))
        guard case .send(let sending) = stage.effects.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(stage.effects.count == 1 && sending.text == "and then?")
    }

    @Test("stops and sends at once with ^X Enter")
    func now() {
        var stage = Stage()
        stage.begin()
        stage.effects = []
        stage.type("no, this")
        stage.press("C-x Enter")
        #expect(stage.effects == [.cancelRun("run_1", on: "thread_1")])
        stage.tell(.run(.cancelled, Stage.run("run_1", .cancelled)))
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.text == "no, this")
    }

    @Test("gives the text back when it could not be sent")
    func failure() {
        var stage = Stage()
        stage.type("Hello?")
        stage.press("Enter")
        stage.give(
            .sendingFailed(number: 1, threadID: "", step: .thread, "The disk is full."))
        #expect(stage.state.conversation.draft.text == "Hello?")
        #expect(stage.shows("The message was not sent: The disk is full."))
        #expect(!stage.state.conversation.isBusy)
    }

    @Test("says why a run could not begin, and leaves the thread usable")
    func runFailure() {
        var stage = Stage()
        stage.begin()
        var failed = Stage.run("run_1", .failed)
        failed.lastError = RunError(
            code: .serverError, message: "Nobody listens at localhost:11434.")
        stage.tell(.run(.failed, failed))
        #expect(stage.shows("failed: Nobody listens at localhost:11434."))
        stage.effects = []
        stage.type("again")
        stage.press("Enter")
        #expect(stage.effects.count == 1)
    }

    @Test(
        "leaves a failure without text where it happened, however quick it was",
        arguments: [false, true])
    func failureStays(isQuick: Bool) {
        var stage = Stage()
        var failed = Stage.run("run_9", .failed)
        failed.lastError = RunError(code: .rateLimitExceeded, message: "Too many requests.")
        if isQuick {
            stage.type("Hello?")
            stage.press("Enter")
            stage.tell([.messageAdded(Stage.question("Hello?"))])
            stage.tell(.run(.failed, failed))
            stage.give(.threadCreated(number: 1, Stage.thread))
            stage.give(.messageSent(number: 1, Stage.question("Hello?")))
            stage.give(.runStarted(number: 1, Stage.run("run_9", .queued)))
        } else {
            stage.begin(run: "run_9")
            stage.tell(.run(.failed, failed))
        }
        stage.type("again")
        stage.press("Enter")
        stage.tell([.messageAdded(Stage.question("again", id: "msg_3"))])
        stage.begin(run: "run_2")
        stage.answer("msg_4", run: "run_2")
        stage.delta("At last.", to: "msg_4")
        stage.complete("At last.", "msg_4", run: "run_2")
        let rows = ["  Hello?", "  failed: Too many requests.", "  again", "  At last."].map {
            row in
            stage.screen.driver.text.firstIndex { $0.hasPrefix(row) } ?? -1
        }
        #expect(rows == rows.sorted() && !rows.contains(-1), "\(stage.picture)")
        #expect(stage.screen.driver.text.filter { $0.contains("failed:") }.count == 1)
    }

    @Test("keeps the text of a failed answer, with one line that says why")
    func partial() {
        var stage = Stage()
        stage.begin()
        stage.answer()
        stage.delta("The beginn")
        var message = Stage.answer("msg_2", "The beginn", .incomplete)
        message.incompleteReason = .runFailed
        var failed = Stage.run("run_1", .failed)
        failed.lastError = RunError(code: .serverError, message: "The stream was cut.")
        stage.tell(.message(.incomplete, message), .run(.failed, failed))
        #expect(stage.shows("The beginn"))
        let lines = stage.screen.driver.text.filter { $0.contains("  failed: The stream was cut.") }
        #expect(lines.count == 1)
    }

    @Test("adds instructions to one run only, in view until then")
    func instructions() {
        var stage = Stage()
        stage.press("C-x i")
        stage.type("Answer in French.")
        stage.press("Enter")
        stage.wait(.seconds(6))
        #expect(stage.shows(" › next run: Answer in French."))
        stage.type("Hello?")
        stage.press("Enter")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.instructions == "Answer in French.")
        #expect(stage.state.conversation.instructions == nil)
    }
}
