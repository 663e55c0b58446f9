import Assistants
import TestSupport
import Testing

@testable import Console

@Suite("The status line, after a stream that was not well,")
struct StreamHealthTests {
    /// A console in a thread in which a question was sent.
    private static func chat() -> Stage {
        var stage = Stage(rows: 24, columns: 100)
        stage.type("Hi")
        stage.press("Enter")
        stage.give(.threadCreated(number: 1, Stage.thread))
        stage.give(.messageSent(number: 1, Stage.question("Hi")))
        return stage
    }

    @Test(
        "says what was wrong until the next run", arguments: ["resumed", "cut", "sent", "silent"])
    func trouble(kind: String) {
        var health = StreamHealth()
        health.isComplete = kind != "cut"
        health.resumptions = kind == "resumed" || kind == "cut" ? 1 : 0
        health.retries = kind == "sent" ? 2 : 0
        health.longestGap = kind == "silent" ? .seconds(14) : .zero
        let words = [
            "resumed": "stream resumed", "cut": "stream cut", "sent": "sent 3 times",
            "silent": "silent for 14 s",
        ]
        var stage = Self.chat()
        stage.tell(.run(.inProgress, Stage.run("run_1", .inProgress)))
        stage.tell(.run(.completed, Stage.run("run_1", .completed)))
        stage.tell([.streamHealth(health)])
        #expect(stage.row(23).contains(words[kind] ?? "?"))
        stage.tell(.run(.queued, Stage.run("run_2", .queued)))
        #expect(!stage.row(23).contains(words[kind] ?? "?"))
    }

    @Test("says nothing of one that was well") func well() {
        var health = StreamHealth()
        health.isComplete = true
        var stage = Self.chat()
        stage.tell(.run(.completed, Stage.run("run_1", .completed)))
        let row = stage.row(23)
        stage.tell([.streamHealth(health)])
        #expect(stage.row(23) == row)
    }
}
