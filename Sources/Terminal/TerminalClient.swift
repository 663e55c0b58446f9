/// The program behind the screen: it takes inputs and draws frames.
///
/// A client is made on the terminal's thread and never leaves it, so it needs no locks of its own.
/// What other threads want it to know goes into a mailbox of its own, followed by
/// `TerminalWaker.wake()`.
package protocol TerminalClient: AnyObject {
    /// The screen is ours; the first frame follows.
    func start(on terminal: TerminalSession)
    /// Takes inputs in the order they came. A frame follows at once.
    func handle(_ inputs: [Input], on terminal: TerminalSession)
    /// Empties the mailbox after a wake; true when a frame is needed.
    func receive(on terminal: TerminalSession) -> Bool
    /// When `reachedDeadline` wants to be called next, in monotonic nanoseconds
    /// (`TerminalSession.now`); nil when never, so that an idle program wakes nobody.
    var deadline: Int64? { get }
    /// The deadline passed; true when a frame is needed. The client must have moved its deadline
    /// on.
    func reachedDeadline(on terminal: TerminalSession) -> Bool
    /// Draws the whole frame into an empty canvas of the terminal's size.
    func draw(into canvas: inout Canvas)
    /// The terminal took the whole of the frame that was drawn last; true when another is needed.
    func frameTaken(on terminal: TerminalSession) -> Bool
    /// The terminal is the session's again, after somebody else had it.
    func cameBack(on terminal: TerminalSession)
    /// The session is about to end, screen still up: the last chance to save what must not be lost.
    func end(_ ending: TerminalEnding, on terminal: TerminalSession)
}

extension TerminalClient {
    package func start(on terminal: TerminalSession) {}
    package func receive(on terminal: TerminalSession) -> Bool { false }
    package var deadline: Int64? { nil }
    package func reachedDeadline(on terminal: TerminalSession) -> Bool { false }
    package func frameTaken(on terminal: TerminalSession) -> Bool { false }
    package func cameBack(on terminal: TerminalSession) {}
    package func end(_ ending: TerminalEnding, on terminal: TerminalSession) {}
}
