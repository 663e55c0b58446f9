import Assistants
import TextLayout

/// A text that grows, as rows of a width; costs what was added.
struct GrowingRows: Sendable {
    private var text = WrappedText(width: 1, mode: .code)
    private var consumed = 0

    /// Brings the rows up to date with a text that only grew, or with another one.
    mutating func update(to source: String, width: Int) {
        let utf8 = source.utf8
        if utf8.count < consumed {
            text = WrappedText(width: width, mode: .code)
            consumed = 0
        }
        text.resize(to: max(1, width))
        let start = utf8.index(utf8.startIndex, offsetBy: consumed)
        text.append(utf8[start...])
        consumed = utf8.count
    }

    /// Rows; none where there is no text.
    var count: Int { consumed == 0 ? 0 : text.rowCount }

    /// The last rows, or all; a final empty one is left out.
    func rows(last limit: Int?) -> [String] {
        var end = count
        if end > 0, text.row(end - 1).isEmpty { end -= 1 }
        let start = limit.map { max(0, end - $0) } ?? max(0, end - Self.limit)
        return (start..<end).map { text.row($0) }
    }

    /// Rows of one text that are ever shown.
    static let limit = 2_000
}

/// The growing texts of one tool call.
struct ToolCallLayout: Sendable {
    var input = GrowingRows()
    var outputs: [GrowingRows] = []

    /// Brings the rows of the texts up to date with a call.
    mutating func update(to call: ToolCall, width: Int) {
        switch call.kind {
        case .codeInterpreter(let code, let results):
            input.update(to: code, width: width)
            for (place, output) in results.enumerated() {
                if place == outputs.count { outputs.append(GrowingRows()) }
                switch output {
                case .logs(let logs): outputs[place].update(to: logs, width: width)
                case .image(let id): outputs[place].update(to: "[image \(id)]", width: width)
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
}
