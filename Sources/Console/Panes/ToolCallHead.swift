import Assistants
import Settings
import TextLayout
import Wire

/// The first row of a tool call: its sign, its name, what it is about, its state and its time.
struct ToolCallHead {
    private var name: String
    private var shortName: String
    private var main: String?
    private var state: CallState
    private var time: String
    /// How far a call is that a command can answer.
    private var command: (sign: StyledRow.Piece, words: StyledRow.Piece)?

    /// Below so many columns names are short and time gives way.
    private static let narrow = 56
    /// Columns that what a call is about gets at least where it needs them, with its quotes.
    private static let mainColumns = 12

    init(
        _ call: ToolCall, in step: RunStep, _ callState: CallState,
        _ members: ToolCallLayout.Members?, _ state: ConsoleState
    ) {
        name = call.name.oneRow
        shortName = call.shortName
        main = Self.mainArgument(of: call, in: step, members)
        self.state = callState
        time = state.durationText(of: call, in: step)
        command = state.commandPieces(of: call)
    }

    /// The row in a width.
    func row(_ console: ConsoleState, columns: Int) -> StyledRow {
        let glyphs = console.glyphs
        let isNarrow = columns < Self.narrow
        let name = isNarrow ? shortName : name
        var pieces = [command?.sign ?? state.sign(glyphs), .init(" "), .init(name, .toolName)]
        var right = right(console, isNarrow: isNarrow)
        if let main {
            pieces.append(
                .init("  \(glyphs.leftQuote)\(main)\(glyphs.rightQuote)", .toolArgument))
            let room =
                columns - columnCount(name) - 7 - min(Self.mainColumns, columnCount(main) + 2)
            let isTight = right.reduce(0) { $0 + columnCount($1.text) } > room
            if isTight, right.count > 1 { right.removeLast() }
            if let words = right.first, isTight {
                right[0].text = words.text.fitted(to: max(8, room), glyphs: glyphs)
            }
        }
        return StyledRow(pieces, right: right, indent: 1)
    }

    private func right(_ console: ConsoleState, isNarrow: Bool) -> [StyledRow.Piece] {
        if let command { return [command.words] }
        if state == .waiting {
            let key = "\(console.label(.answerCall)) answers"
            let text = isNarrow ? key : "\(state.words) \(console.glyphs.dot) \(key)"
            return [.init(text, state.role)]
        }
        var words = state.words.oneRow
        if case .failed(let reason) = state, !isNarrow, reason.first?.isUppercase == true {
            words = "failed: " + words
        }
        if time.isEmpty { return [.init(words, state.role)] }
        return [
            .init(words, state.role),
            .init(isNarrow ? " \(time)" : " \(console.glyphs.dot) \(time)", .dim),
        ]
    }

    /// What a call is about, in few words: the first line of code that says something, what was
    /// looked for, or the first argument that is a text.
    private static func mainArgument(
        of call: ToolCall, in step: RunStep, _ members: ToolCallLayout.Members?
    ) -> String? {
        switch call.kind {
        case .codeInterpreter(let code, _): return mainLine(of: code)?.oneRow
        case .fileSearch: return step.metadata[call.id].map { $0.oneRow }
        case .function:
            for member in members ?? [] {
                if let text = member.value.stringValue, !text.isEmpty { return text.oneRow }
            }
            return nil
        case .unknown: return nil
        }
    }

    /// The first line that is neither empty, a comment nor an import; else the first that is not
    /// empty.
    private static func mainLine(of code: String) -> String? {
        var first: String?
        for line in code.utf8.prefix(4_096).split(separator: 0x0A) {
            let text = String(decoding: line.drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
            if text.allSatisfy(\.isWhitespace) { continue }
            let isMinor = ["#", "import ", "from ", "%", "\"\"\"", "'''"].contains {
                text.hasPrefix($0)
            }
            if !isMinor { return text }
            if first == nil { first = text }
        }
        return first
    }
}
