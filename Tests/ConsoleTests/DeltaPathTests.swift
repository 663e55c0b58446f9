import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("A text delta")
struct DeltaPathTests {
    @Test("sends only the cells it adds")
    func cells() {
        var stage = Stage(rows: 12, columns: 40)
        stage.begin()
        stage.answer()
        stage.delta("Good")
        stage.delta(" morning")
        #expect(
            stage.lastFrame == """
                ········································
                ········································
                ········································
                ········································
                ········································
                ········································
                ······ morning▌·························
                ········································
                ········································
                ········································
                ········································
                ········································
                """)
    }

    @Test("shares a frame with the others that came with it")
    func coalescing() {
        var stage = Stage(rows: 12, columns: 40)
        stage.begin()
        stage.answer()
        let frames = stage.screen.driver.frames.count
        stage.tell(
            .messageDelta(.init(id: "msg_2", text: "a")),
            .messageDelta(.init(id: "msg_2", text: "b")))
        #expect(stage.screen.driver.frames.count == frames + 1)
        #expect(stage.shows("  ab▌"))
    }
}
