import Assistants
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

/// A console without terminal and service: keys and events go in, pictures and effects come out.
struct Stage: CustomTestStringConvertible {
    var state: ConsoleState
    var screen: Screen<RecordingDriver>
    var now = Moment(monotonic: .seconds(1_000), wall: 1_785_000_000)
    /// What was to be done since this was emptied, but for what is remembered and titles.
    var effects: [Effect] = []
    var remembered: [MemoryChange] = []
    /// Whether each input is followed by a frame; otherwise only `show` draws.
    var drawsAlways = true
    private var sequence = 0

    /// A console of a size; `ready` has an assistant, its model and no thread.
    init(
        rows: Int = 24, columns: Int = 80, options: ConsoleOptions = ConsoleOptions(),
        memory: Memory = Memory(), isReady: Bool = true
    ) {
        state = ConsoleState(options: options, memory: memory)
        screen = Screen(driver: RecordingDriver(rows: rows, columns: columns))
        state.rows = rows
        state.columns = columns
        state.now = now
        sort(state.start())
        if isReady { makeReady() }
    }

    private mutating func makeReady() {
        give(.assistants([Self.analyst, Self.guide]))
        give(.models([Self.model]))
        give(.answering("asst_1", Self.model))
        give(.answering("asst_2", Self.builtIn))
        give(.threads(Page(data: [], hasMore: false), after: nil))
        effects = []
        draw()
    }

    static let analyst = Assistant(
        id: "asst_1", createdAt: 1, name: "Analyst", model: "gpt-oss:20b")
    static let guide = Assistant(id: "asst_2", createdAt: 2, name: "Guide", model: "guide")
    static let model = ModelInfo(
        name: "gpt-oss:20b", provider: "Ollama", host: "localhost:11434", isLocal: true)
    static let builtIn = ModelInfo(
        name: "guide", provider: "built in", host: "", isLocal: true)

    // MARK: - In

    /// Presses keys by their names, as in `C-x c`.
    mutating func press(_ names: String...) {
        for name in names {
            for part in name.split(separator: " ") {
                guard let key = Key(name: part) else { continue }
                take(.terminal(.key(key)))
            }
        }
        draw()
    }

    /// Types a text, character by character.
    mutating func type(_ text: String) {
        for character in text { take(.terminal(.key(Key(.character(character))))) }
        draw()
    }

    /// Gives any input.
    mutating func input(_ input: Input) {
        take(.terminal(input))
        draw()
    }

    /// Presses Esc and waits until it is certain that it was one.
    mutating func escape() {
        press("Esc")
        wait(.milliseconds(150))
        input(.escapeSettled)
    }

    /// Lets time pass.
    mutating func wait(_ time: Duration) {
        now.monotonic += time
        now.wall += Int(time.components.seconds)
        take(.tick)
        if state.needsFrame { draw() }
    }

    /// The service tells events of the shown thread; one frame follows.
    mutating func tell(_ events: AssistantEvent..., thread: String = "thread_1") {
        tell(events.map { ServiceEvent.Kind.run($0) }, thread: thread)
    }

    /// The service tells what happened; one frame follows, if it is wanted.
    mutating func tell(_ kinds: [ServiceEvent.Kind], thread: String = "thread_1") {
        let events = kinds.map { kind in
            sequence += 1
            return ServiceEvent(
                sequence: sequence, threadID: thread, runID: "run_1", kind: kind)
        }
        take(.events(events))
        if state.needsFrame { draw() }
    }

    /// The service tells events as they came out of a mailbox.
    mutating func tell(service events: [ServiceEvent]) {
        take(.events(events))
        if state.needsFrame { draw() }
    }

    /// An effect is done.
    mutating func give(_ result: EffectResult) {
        take(.result(result))
        draw()
    }

    /// The terminal takes the frame, and gives its sign unless it stands still.
    mutating func terminalShows(sign: Bool = true) {
        take(.frameTaken)
        if sign { input(.reply(.deviceAttributes([62]))) }
        if sign { take(.frameTaken) }
    }

    private mutating func take(_ input: ConsoleInput) {
        sort(state.update(input, at: now))
    }

    private mutating func sort(_ new: [Effect]) {
        for effect in new {
            switch effect {
            case .remember(let change): remembered.append(change)
            case .setTitle, .loadThreads, .loadAssistants, .loadModels, .resolveModel: break
            default: effects.append(effect)
            }
        }
    }

    // MARK: - Out

    /// Draws a frame as the session does.
    mutating func draw() {
        if drawsAlways { show() }
    }

    /// Draws a frame.
    mutating func show() {
        var canvas = Canvas(rows: screen.driver.rows, columns: screen.driver.columns)
        state.draw(into: &canvas)
        screen.show(canvas)
        effects += state.shelf.takeWanted(at: state.now.monotonic)
    }

    var testDescription: String { picture }

    /// The whole screen.
    var picture: String { screen.driver.text.joined(separator: "\n") }

    /// One row of the screen.
    func row(_ number: Int) -> String { screen.driver.text[number] }

    /// What the last frame sent, `·` where it sent nothing.
    var lastFrame: String { screen.driver.frames.last ?? "" }

    /// Whether a row of the screen holds a text.
    func shows(_ text: String) -> Bool { screen.driver.text.contains { $0.contains(text) } }

    /// The screen that the same state draws on a blank terminal, every row laid out anew.
    func freshPicture() -> String {
        var state = state
        for id in state.conversations.keys {
            let count = state.conversations[id]?.chat.items.count ?? 0
            state.conversations[id]?.chat.items = Array(repeating: .init(), count: count)
            state.conversations[id]?.toolLayouts = [:]
        }
        var fresh = Screen(
            driver: RecordingDriver(rows: screen.driver.rows, columns: screen.driver.columns))
        var canvas = Canvas(rows: screen.driver.rows, columns: screen.driver.columns)
        state.draw(into: &canvas)
        fresh.show(canvas)
        return fresh.driver.text.joined(separator: "\n")
    }
}

// MARK: - What a service tells

extension Stage {
    /// A thread with a question and a run that has just begun.
    mutating func begin(question: String = "Hello?", run: String = "run_1") {
        if state.current.isEmpty {
            type(question)
            press("Enter")
            effects = []
            give(.threadCreated(number: state.lastSending, Self.thread))
            give(.messageSent(number: state.lastSending, Self.question(question)))
        }
        tell(.run(.created, Self.run(run, .queued)), .run(.queued, Self.run(run, .queued)))
        tell(.run(.inProgress, Self.run(run, .inProgress)))
    }

    /// An answer begins.
    mutating func answer(_ id: String = "msg_2", run: String = "run_1") {
        tell(
            .step(.created, Self.step("step_1", run: run, .messageCreation(messageID: id))),
            .step(.inProgress, Self.step("step_1", run: run, .messageCreation(messageID: id))),
            .message(.created, Self.answer(id, "", .inProgress, run: run)),
            .message(.inProgress, Self.answer(id, "", .inProgress, run: run)))
    }

    /// A text delta.
    mutating func delta(_ text: String, to id: String = "msg_2") {
        tell(.messageDelta(MessageDelta(id: id, text: text)))
    }

    /// The answer is complete, and so is the run.
    mutating func complete(_ text: String, _ id: String = "msg_2", run: String = "run_1") {
        var step = Self.step("step_1", run: run, .messageCreation(messageID: id))
        step.status = .completed
        step.usage = Usage(promptTokens: 12, completionTokens: 5)
        var ended = Self.run(run, .completed)
        ended.usage = Usage(promptTokens: 12, completionTokens: 5)
        tell(
            .message(.completed, Self.answer(id, text, .completed, run: run)),
            .step(.completed, step), .run(.completed, ended), .done)
    }

    static let thread = Assistants.Thread(id: "thread_1", createdAt: 1_785_000_000)

    static func question(_ text: String, id: String = "msg_1") -> Message {
        Message(
            id: id, createdAt: 1_785_000_000, threadID: "thread_1", status: .completed,
            role: .user, content: [.text(MessageText(text))])
    }

    static func answer(
        _ id: String, _ text: String, _ status: MessageStatus, run: String = "run_1"
    ) -> Message {
        Message(
            id: id, createdAt: 1_785_000_000, threadID: "thread_1", status: status,
            role: .assistant, content: text.isEmpty ? [] : [.text(MessageText(text))],
            assistantID: "asst_1", runID: run)
    }

    static func run(_ id: String, _ status: RunStatus) -> Run {
        Run(
            id: id, createdAt: 1_785_000_000, assistantID: "asst_1", threadID: "thread_1",
            status: status, model: "gpt-oss:20b")
    }

    static func step(
        _ id: String, run: String = "run_1", _ details: RunStep.Details
    ) -> RunStep {
        RunStep(
            id: id, createdAt: 1_785_000_000, runID: run, assistantID: "asst_1",
            threadID: "thread_1", details: details)
    }
}
