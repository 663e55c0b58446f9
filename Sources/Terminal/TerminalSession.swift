internal import CLinux
internal import Glibc

/// The terminal while it is ours: one loop that waits for keys, wakes, signals and the frame clock.
///
/// A class, because it owns the terminal. It lives on the thread that runs the loop; the only thing
/// that leaves it is `waker`.
package final class TerminalSession {
    /// Wakes the loop from any thread.
    package nonisolated let waker: TerminalWaker
    /// What the terminal told about itself.
    package internal(set) var capabilities = TerminalCapabilities()
    /// Whether the window has the keyboard, as far as it tells.
    package private(set) var hasFocus = true
    /// Rows of the terminal.
    package var rows: Int { screen.driver.rows }
    /// Columns of the terminal.
    package var columns: Int { screen.driver.columns }
    /// Frames shown so far.
    package private(set) var frames = 0
    /// Bytes the terminal took so far.
    package var bytesWritten: Int { output.bytesWritten }

    let descriptor: Int32
    let log: Int32
    let output: TerminalOutput
    var screen: Screen<CursesDriver>
    var modes: Modes
    var parser = InputParser()
    var ending: TerminalEnding?
    var questionsEnd: Int64?
    var title: String?
    /// Signs that were asked for and have not come.
    var signsDue = 0
    /// Whether the terminal has not taken all of the last frame.
    private var isFrameUntaken = false
    /// Whether the terminal is in our modes now.
    var isOurs = false
    let client: any TerminalClient
    private var clock: FrameClock
    private var canvas: Canvas
    private var bytes = [UInt8](repeating: 0, count: 1 << 16)

    /// Monotonic nanoseconds, the time of `TerminalClient.deadline`.
    package static var now: Int64 { system_now() }

    init(
        _ options: TerminalOptions, waker: TerminalWaker, client: any TerminalClient
    ) throws(TerminalError) {
        self.waker = waker
        self.client = client
        let place = try TerminalPlace(options)
        descriptor = place.descriptor
        log = place.log
        output = place.output
        screen = Screen(driver: place.driver)
        modes = place.modes
        capabilities.depth = place.driver.depth
        capabilities.isRemote = place.isRemote
        clock = FrameClock(
            interval: options.interval(isRemote: place.isRemote), now: system_now())
        canvas = Canvas(rows: place.driver.rows, columns: place.driver.columns)
    }

    /// Makes a frame due, for changes that no callback reported.
    package func setNeedsFrame() {
        clock.setNeedsFrame()
    }

    /// Ends the session after this turn of the loop.
    package func finish() {
        if ending == nil { ending = .finished }
    }

    /// Draws the whole screen again, erasing it first.
    package func redraw() {
        screen.driver.eraseNext()
        screen.forget()
        setUrgent()
    }

    func setUrgent() {
        clock.setUrgent()
    }

    // MARK: - The loop

    func run() -> TerminalEnding {
        system_signals_unblock()
        system_signals_use_stack()
        system_signals_install(waker.descriptor, Self.chainsCrashes ? 1 : 0)
        enter(isFirst: true)
        client.start(on: self)
        while ending == nil { turn() }
        let ending = ending ?? .finished
        client.end(ending, on: self)
        leave()
        system_signals_remove()
        system_output_print_tail()
        system_terminal_release()
        screen.driver.close()
        close(descriptor)
        close(log)
        return ending
    }

    /// The runtime's crash reporter asks questions on a terminal unless told not to; then it must
    /// not run.
    private static var chainsCrashes: Bool {
        getenv("SWIFT_BACKTRACE").map { String(cString: $0).contains("interactive=no") } ?? false
    }

    private func turn() {
        let start = system_now()
        if waker.isAwake && start >= clock.receiptTime(isBusy: output.isBusy) { receive(start) }
        if let deadline = client.deadline, start >= deadline, client.reachedDeadline(on: self) {
            clock.setNeedsFrame()
        }
        if ending != nil { return }
        if let due = clock.frameTime(isBusy: output.isBusy), start >= due { paint() }
        output.flush()
        if isFrameUntaken, !output.isBusy {
            isFrameUntaken = false
            if client.frameTaken(on: self) { clock.setNeedsFrame() }
            output.flush()
        }
        let events = system_wait(
            descriptor, waker.descriptor, output.isBusy ? 1 : 0, patience(from: system_now()))
        if events & Int32(SYSTEM_AWAKENED) != 0 {
            waker.drain()
            if waker.isEnding { finish() }
        }
        takeSignals()
        if events & Int32(SYSTEM_READABLE) != 0 {
            readInput()
        } else if events & Int32(SYSTEM_CLOSED) != 0 || output.isClosed {
            endClosed()
        } else if events & Int32(SYSTEM_TIMED_OUT) != 0 {
            timeOut()
        }
    }

    private func receive(_ now: Int64) {
        clock.received(at: now)
        waker.rearm()
        if client.receive(on: self) { clock.setNeedsFrame() }
    }

    /// Nanoseconds until something must happen by itself; -1 when nothing must.
    private func patience(from now: Int64) -> Int64 {
        var next: Int64?
        func consider(_ time: Int64?) {
            if let time { next = min(next ?? time, time) }
        }
        consider(parser.deadline)
        consider(client.deadline)
        consider(questionsEnd)
        if waker.isAwake { consider(clock.receiptTime(isBusy: output.isBusy)) }
        consider(clock.frameTime(isBusy: output.isBusy))
        return next.map { $0 > now ? $0 - now : 0 } ?? -1
    }

    private func paint() {
        if canvas.rows != rows || canvas.columns != columns {
            canvas = Canvas(rows: rows, columns: columns)
        } else {
            canvas.clear()
        }
        client.draw(into: &canvas)
        canvas = screen.show(canvas)
        isFrameUntaken = true
        frames += 1
        clock.painted(at: system_now())
    }

    private func takeSignals() {
        let flags = system_signals_take()
        guard flags != 0 else { return }
        if flags & Int32(SYSTEM_TERMINATED) != 0 {
            ending = .signal(system_signals_last())
            return
        }
        if flags & Int32(SYSTEM_STOP_REQUESTED) != 0 {
            suspend()
        } else if flags & Int32(SYSTEM_CONTINUED) != 0 {
            enter()  // After a stop that could not be seen coming.
        }
        if flags & Int32(SYSTEM_RESIZED) != 0 { resize() }
    }

    func resize() {
        guard let (rows, columns) = TerminalPlace.size(descriptor),
            rows != self.rows || columns != self.columns
        else { return }
        screen.driver.resize(rows: rows, columns: columns)
        screen.forget()
        give([.resize(rows: rows, columns: columns)])
    }

    // MARK: - Input

    private func readInput() {
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return endClosed() }
        guard count > 0 else { return }
        give(parser.feed(Array(bytes[..<count]), at: system_now()))
    }

    private func endClosed() {
        // The kernel's SIGHUP says the same and gives the exit status that shells expect.
        let number = system_signals_last()
        ending = number != 0 ? .signal(number) : .closed
    }

    private func timeOut() {
        let now = system_now()
        if let end = questionsEnd, now >= end { endQuestions() }
        give(parser.timeOut(at: now))
    }

    private func give(_ inputs: [Input]) {
        guard !inputs.isEmpty else { return }
        for input in inputs {
            switch input {
            case .reply(let reply): note(reply)
            case .focus(let focus): hasFocus = focus
            case .key, .paste, .escapeSettled, .resize: setUrgent()
            case .mouse: break
            }
        }
        clock.setNeedsFrame()
        client.handle(inputs, on: self)
    }
}
