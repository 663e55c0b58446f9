import TestSupport
import Testing

/// One start of the built program's console, in a pseudo-terminal.
///
/// A class because the program ends with it.
final class Sitting {
    /// Where the program lives; another sitting may follow in it.
    let home: ProgramHome
    /// The terminal it runs in.
    let terminal: PseudoTerminal
    /// The model server it talks to, which lives as long.
    let chat: ScriptedChat?

    /// Starts the console, and waits for nothing.
    init(
        _ home: ProgramHome, _ arguments: [String] = [], chat: ScriptedChat? = nil, rows: Int = 24,
        columns: Int = 80, environment: [String: String] = [:]
    ) throws {
        self.home = home
        self.chat = chat
        let arguments = arguments + (chat.map { ["--model-url", $0.url] } ?? [])
        terminal = try PseudoTerminal(
            ProgramHome.program, arguments, rows: rows, columns: columns,
            environment: home.environment.merging(environment) { $1 })
    }

    /// Opens the console and waits until it can be used.
    static func open(
        _ home: ProgramHome? = nil, _ arguments: [String] = [], chat: ScriptedChat? = nil,
        rows: Int = 24, columns: Int = 80, environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Sitting {
        let sitting = try Sitting(
            home ?? ProgramHome(), arguments, chat: chat, rows: rows, columns: columns,
            environment: environment)
        await sitting.sees("the first frame", location) { $0.isReady }
        return sitting
    }

    /// Opens the console at one of the sizes.
    static func open(
        _ home: ProgramHome? = nil, _ arguments: [String] = [], chat: ScriptedChat? = nil,
        size: ScreenSize, _ location: SourceLocation = #_sourceLocation
    ) async throws -> Sitting {
        try await open(
            home, arguments, chat: chat, rows: size.rows, columns: size.columns, location)
    }

    // MARK: Seeing

    /// Waits until some row contains a text.
    func sees(_ text: String, _ location: SourceLocation = #_sourceLocation) async {
        await sees("\u{201C}\(text)\u{201D}", location) { sitting in
            sitting.terminal.lines.contains { $0.contains(text) }
        }
    }

    /// Waits until the screen is as it should be, between two frames, and says what was not.
    func sees(
        _ what: String, _ location: SourceLocation = #_sourceLocation,
        when condition: (Sitting) -> Bool
    ) async {
        let isSeen = await terminal.wait(seconds: 15) { _ in
            condition(self) && terminal.isBetweenFrames
        }
        #expect(isSeen, "never saw \(what):\n\(terminal.picture)", sourceLocation: location)
    }

    /// Whether some row contains a text now.
    func shows(_ text: String) -> Bool { terminal.lines.contains { $0.contains(text) } }

    /// Whether everything that is read at the start is there.
    var isReady: Bool {
        statusLine.contains("help") && !shows("one moment") && !shows("loading")
    }

    /// The last row.
    var statusLine: String { terminal.lines.last ?? "" }

    /// The first row.
    var titleLine: String { terminal.lines.first ?? "" }

    /// The rows of the chat.
    var chatRows: [String] {
        Array(terminal.lines.dropFirst(2).prefix { !$0.hasPrefix("─") })
    }

    /// The rows between the panes and the last row: the queue and what is written.
    var inputRows: [String] {
        let lines = terminal.lines.dropLast()
        return Array(lines.suffix(from: (lines.lastIndex { $0.hasPrefix("──") } ?? 0) + 1))
    }

    /// Whether a run is under way, as the last row says.
    var isRunning: Bool {
        ["running", "sending", "queued", "waits for you", "stopping"].contains {
            statusLine.contains($0)
        }
    }

    // MARK: Doing

    /// Types a message, waits for it in the input line, and sends it.
    func say(_ text: String, _ location: SourceLocation = #_sourceLocation) async {
        terminal.send(text)
        await sees("\(text) in the input line", location) {
            $0.inputRows.contains { $0.hasSuffix("› " + text) }
        }
        terminal.send("\r")
    }

    /// Sends a message and waits for the answer's end.
    func ask(
        _ text: String, sees answer: String, _ location: SourceLocation = #_sourceLocation
    ) async {
        await say(text, location)
        await sees(answer, location)
        await sees("the end of the run", location) { !$0.isRunning }
    }

    /// Opens an answer's card and submits the output that is typed; the first half second takes
    /// none, so that Enter is pressed until it is taken.
    func answerCall(with output: String, _ location: SourceLocation = #_sourceLocation) async {
        terminal.press(.function(4))
        await sees("What did it give back?", location)
        terminal.send(output)
        await sees("› " + output, location)
        for _ in 1...100 {
            terminal.send("\r")
            if await terminal.wait(
                seconds: 0.1, until: { _ in !self.shows("What did it give back?") })
            {
                return
            }
        }
        Issue.record("the output was not taken:\n\(terminal.picture)", sourceLocation: location)
    }

    /// Leaves with `^X ^C` and waits for the end.
    func leave(_ location: SourceLocation = #_sourceLocation) async {
        terminal.send("\u{18}\u{3}")
        #expect(await terminal.waitForEnd(seconds: 60) == 0, sourceLocation: location)
    }
}
