import Testing

@testable import Terminal

@Suite("The frame clock") struct FrameClockTests {
    @Test("paints at once when the last frame is an interval old")
    func atOnce() throws {
        var clock = FrameClock(interval: 8, now: 100)
        clock.painted(at: 100)
        #expect(clock.frameTime(isBusy: false) == nil)
        clock.setNeedsFrame()
        #expect(try #require(clock.frameTime(isBusy: false)) <= 108)
    }

    @Test("gathers what comes within an interval into one frame at its end")
    func gathers() {
        var clock = FrameClock(interval: 8, now: 100)
        clock.painted(at: 100)
        for _ in 0..<50 { clock.setNeedsFrame() }
        #expect(clock.frameTime(isBusy: false) == 108)
        #expect(clock.receiptTime(isBusy: false) == 108)
        clock.painted(at: 108)
        #expect(clock.frameTime(isBusy: false) == nil)
    }

    @Test("shows what was typed without waiting")
    func urgent() throws {
        var clock = FrameClock(interval: 8, now: 100)
        clock.painted(at: 100)
        clock.setUrgent()
        #expect(try #require(clock.frameTime(isBusy: false)) <= 100)
        clock.painted(at: 101)
        clock.setNeedsFrame()
        #expect(clock.frameTime(isBusy: false) == 109)
    }

    @Test("paints nothing while a frame is in flight, and empties the mailbox at the same pace")
    func busy() {
        var clock = FrameClock(interval: 8, now: 100)
        clock.painted(at: 100)
        clock.setUrgent()
        #expect(clock.frameTime(isBusy: true) == nil)
        clock.received(at: 112)
        #expect(clock.receiptTime(isBusy: true) == 120)
        #expect(clock.needsFrame)
    }

    @Test("caps at 120 frames a second, 60 over ssh, or what the options say")
    func caps() {
        var options = TerminalOptions()
        #expect(options.interval(isRemote: false) == 8_333_333)
        #expect(options.interval(isRemote: true) == 16_666_666)
        options.framesPerSecond = 250
        #expect(options.interval(isRemote: true) == 4_000_000)
        options.framesPerSecond = 0
        #expect(options.interval(isRemote: false) == 1_000_000_000)
    }
}
