// The console's way in, for the executable:
//
//     let ending = try await ConsoleSession.run(
//         service: engine, events: engine.events, options: options)
//     … put everything away …
//     ending.resume()
//
//     package static func run(
//         service: any AssistantsService, events: EventBus<ServiceEvent>,
//         options: ConsoleOptions = ConsoleOptions()
//     ) async throws(TerminalError) -> TerminalEnding
//
// It throws, before anything on the terminal has changed, when the terminal cannot be used.
package import Assistants
package import Events
import Settings
package import Terminal

/// One sitting at the console: takes in everything that happened, then shows it once.
///
/// A class, because it is what the terminal's loop calls back. It lives on the terminal's thread.
package final class ConsoleSession: TerminalClient {
    private(set) var state: ConsoleState
    private let mailbox: Mailbox<ServiceEvent>
    private let runner: EffectRunner
    private var hasEnded = false

    init(state: ConsoleState, mailbox: Mailbox<ServiceEvent>, runner: EffectRunner) {
        self.state = state
        self.mailbox = mailbox
        self.runner = runner
    }

    /// Runs the console until the person leaves, the terminal goes away or a signal comes.
    ///
    /// - Parameters:
    ///   - service: What answers; its `ThreadListing`, `MessageWindows` and `ModelListing` are used
    ///     where it has them.
    ///   - events: Where the service tells what happens, from whatever source.
    /// - Throws: Before anything changed, when the terminal cannot be used.
    package static func run(
        service: any AssistantsService, events: EventBus<ServiceEvent>,
        options: ConsoleOptions = ConsoleOptions()
    ) async throws(TerminalError) -> TerminalEnding {
        let runner = EffectRunner(service: service, options: options)
        let memory = runner.keeper?.read(wall: WallClock.now) ?? Memory()
        async let work: Void = runner.run()
        var terminal = TerminalOptions()
        terminal.usesMouse = options.usesMouse
        terminal.framesPerSecond = options.framesPerSecond
        terminal.logPath = options.logPath
        let ending: Result<TerminalEnding, TerminalError>
        do throws(TerminalError) {
            ending = .success(
                try await TerminalSession.run(terminal) { waker in
                    runner.wake(by: waker)
                    let mailbox = events.subscribe { waker.wake() }
                    let state = ConsoleState(options: options, memory: memory)
                    return ConsoleSession(state: state, mailbox: mailbox, runner: runner)
                })
        } catch {
            ending = .failure(error)
        }
        runner.finish()
        await work
        return try ending.get()
    }

    // MARK: - The terminal's loop

    package func start(on terminal: TerminalSession) {
        state.use(depth: Settings.ColorDepth(terminal.capabilities.depth))
        state.rows = terminal.rows
        state.columns = terminal.columns
        state.now = moment
        perform(state.start(), on: terminal)
    }

    package func handle(_ inputs: [Input], on terminal: TerminalSession) {
        for input in inputs { perform(state.update(.terminal(input), at: moment), on: terminal) }
    }

    package func receive(on terminal: TerminalSession) -> Bool {
        // Events first: what a result was read from the service after is known before it.
        let results = runner.takeResults()
        let events = mailbox.take()
        let moment = moment
        if !events.isEmpty { perform(state.update(.events(events), at: moment), on: terminal) }
        for result in results { perform(state.update(.result(result), at: moment), on: terminal) }
        return state.needsFrame
    }

    package var deadline: Int64? { state.deadline.map(\.nanoseconds) }

    package func reachedDeadline(on terminal: TerminalSession) -> Bool {
        perform(state.update(.tick, at: moment), on: terminal)
        return state.needsFrame
    }

    package func draw(into canvas: inout Canvas) {
        state.draw(into: &canvas)
        for effect in state.shelf.takeWanted(at: state.now.monotonic) { runner.perform(effect) }
    }

    package func frameTaken(on terminal: TerminalSession) -> Bool {
        perform(state.update(.frameTaken, at: moment), on: terminal)
        return state.needsFrame
    }

    package func cameBack(on terminal: TerminalSession) {
        perform(state.update(.cameBack, at: moment), on: terminal)
    }

    package func end(_ ending: TerminalEnding, on terminal: TerminalSession) {
        if !state.isEnding { perform(state.leave(), on: terminal) }
        mailbox.close()
        runner.keeper?.flush()
    }

    private var moment: Moment {
        Moment(monotonic: .nanoseconds(TerminalSession.now), wall: WallClock.now)
    }

    // MARK: - Effects

    /// Does what is the terminal's, and hands the rest on.
    private func perform(_ effects: [Effect], on terminal: TerminalSession) {
        for effect in effects {
            switch effect {
            case .setTitle(let title): terminal.setTitle(title)
            case .bell: terminal.ring()
            case .askTerminal:
                if !terminal.askForSign() { perform(state.update(.sign, at: moment), on: terminal) }
            case .mouse(let isOn): terminal.setMouse(isOn)
            case .redraw: terminal.redraw()
            case .suspend:
                runner.keeper?.flush()
                terminal.suspend()
            case .quit: terminal.finish()
            case .copy(let text, let what):
                let isSent = terminal.copy(text)
                runner.copy(text, what: what, isSentToTerminal: isSent)
            case .openEditor(let text, let purpose):
                let editor = Editor(command: runner.editor)
                let result = terminal.lend { editor.edit(text, for: purpose) }
                perform(state.update(.result(result), at: moment), on: terminal)
            default: runner.perform(effect)
            }
        }
    }
}

extension Duration {
    /// Whole nanoseconds, for the terminal's clock.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

extension Settings.ColorDepth {
    /// What themes call the terminal's depth.
    init(_ depth: Terminal.ColorDepth) {
        switch depth {
        case .mono: self = .none
        case .eight, .sixteen: self = .sixteen
        case .palette: self = .indexed
        case .trueColor: self = .trueColor
        }
    }
}
