import Assistants
import Settings

// How far the waiting calls are that commands can answer, for the pane of tool calls.
extension ConsoleState {
    /// The sign of such a call and what is said of it; nil for any other.
    func commandPieces(
        of call: ToolCall
    ) -> (sign: StyledRow.Piece, words: StyledRow.Piece)? {
        guard let run = conversation.activeRun,
            conversation.waitingCalls.contains(where: { $0.id == call.id }),
            let order = order(for: call, of: run)
        else { return nil }
        let waiting = StyledRow.Piece(glyphs.waiting, .stateWaiting)
        let key = label(.answerCall)
        switch calls.work[order.key] {
        case .running(let start):
            let time = (now.monotonic - start).text
            return (
                .init(glyphs.running, .stateRunning),
                .init("running \(glyphs.dot) \(time)", .dim)
            )
        case .answered:
            return (
                .init(glyphs.completed, .stateCompleted), .init("has its output", .dim)
            )
        case .elsewhere:
            return (
                .init(glyphs.running, .stateRunning), .init("elsewhere", .dim)
            )
        case .typed: return (waiting, .init("\(key) answers", .stateWaiting))
        case nil: break
        }
        guard let begun = calls.consents.begun(order) else {
            return (waiting, .init("\(key) asks you", .stateWaiting))
        }
        let time = chatContext.time(begun.time)
        let text = "end unknown, begun \(time) \(glyphs.dot) \(key)"
        return (waiting, .init(text, .statusWarning))
    }
}
