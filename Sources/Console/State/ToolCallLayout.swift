import Assistants
import TextLayout
import Wire

/// A text that grows, as rows of a width; costs what was added.
struct GrowingRows: Sendable {
    /// What stands in the place of a row.
    enum Part: Hashable, Sendable {
        case row(Int)
        /// So many rows that are not shown.
        case hidden(Int)
    }

    /// Rows of one text that are ever shown.
    static let limit = 2_000

    private let language: String
    private var text: HighlightedText
    private(set) var consumed = 0

    /// No text yet, in a language by its name after a fence; empty for none.
    init(language: String = "") {
        self.language = language
        text = HighlightedText(width: 1, language: language)
    }

    /// Brings the rows up to date with a text that only grew, or with another one.
    mutating func update(to source: String, width: Int) {
        let utf8 = source.utf8
        if utf8.count < consumed {
            text = HighlightedText(width: width, language: language)
            consumed = 0
        }
        text.resize(to: max(1, width))
        let start = utf8.index(utf8.startIndex, offsetBy: consumed)
        text.append(utf8[start...])
        consumed = utf8.count
    }

    /// Rows; none where there is no text. A final empty one is left out.
    var count: Int {
        if consumed == 0 { return 0 }
        return text.isEmpty(row: text.rowCount - 1) ? text.rowCount - 1 : text.rowCount
    }

    /// A row in its colours.
    func row(_ number: Int) -> [Span] { text.row(number) }

    /// What is shown in `limit` rows; nil is all there is room for at all.
    ///
    /// - Parameters:
    ///   - follows: Whether the last rows matter most, as of what is being written.
    ///   - tail: How many of the last rows are kept of what is over.
    func parts(limit: Int?, follows: Bool, tail: Int) -> [Part] {
        let count = count
        let limit = limit ?? Self.limit
        // One row is never hidden: saying so takes one, too.
        if count <= limit { return (0..<count).map(Part.row) }
        let tail = follows ? limit - 1 : min(tail, limit - 1)
        let head = limit - 1 - tail
        return (0..<head).map(Part.row) + [.hidden(count - head - tail)]
            + (count - tail..<count).map(Part.row)
    }
}

/// The growing texts of one tool call, and how it ended.
struct ToolCallLayout: Sendable {
    /// The code, or the arguments as they come.
    var input: GrowingRows
    /// Parallel to the outputs of a call of code; what is no text has no rows.
    var outputs: [GrowingRows] = []
    private var ending: (state: CallState, bytes: Int)?
    private var arguments: (members: Members?, bytes: Int)?
    /// How often arguments were read as JSON.
    private(set) var readings = 0

    /// The members of a JSON object, in order.
    typealias Members = [(key: String, value: JSONValue)]

    /// Nothing of a call yet.
    init(_ call: ToolCall) {
        if case .codeInterpreter = call.kind {
            input = GrowingRows(language: "python")
        } else {
            input = GrowingRows()
        }
    }

    /// Brings the rows of the texts up to date with a call.
    mutating func update(to call: ToolCall, width: Int) {
        switch call.kind {
        case .codeInterpreter(let code, let results):
            input.update(to: code, width: width)
            for (place, output) in results.enumerated() {
                if place == outputs.count { outputs.append(GrowingRows()) }
                switch output {
                case .logs(let logs): outputs[place].update(to: logs, width: width)
                case .image: break
                case .unknown:
                    outputs[place].update(to: "[an output of an unknown kind]", width: width)
                }
            }
        case .function(_, let arguments, let output):
            input.update(to: arguments, width: width)
            if let output {
                if outputs.isEmpty { outputs.append(GrowingRows()) }
                outputs[0].update(to: output, width: width)
            }
        case .fileSearch, .unknown: break
        }
    }

    /// The arguments of a function by name, when they are a whole JSON object; read once for what
    /// was written of them.
    mutating func members(of call: ToolCall) -> Members? {
        guard case .function(_, let text, _) = call.kind else { return nil }
        if let arguments, arguments.bytes == text.utf8.count { return arguments.members }
        let members = ToolCallsPane.members(of: text)
        arguments = (members, text.utf8.count)
        readings += 1
        return members
    }

    /// How a call that is over ended, found once for what it said.
    mutating func ending(of call: ToolCall) -> CallState {
        let bytes = outputs.reduce(0) { $0 + $1.consumed }
        if let ending, ending.bytes == bytes { return ending.state }
        let state = CallState(endOf: call)
        ending = (state, bytes)
        return state
    }
}
