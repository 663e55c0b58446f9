/// The question whether a command may run.
///
/// It can be answered only once the terminal has shown it, and only by keys that were pressed after
/// half a second without any: whoever was typing did not mean it.
struct ConsentPrompt: Hashable, Sendable {
    /// What somebody says.
    enum Answer: Hashable, Sendable {
        case once, always, no, never, typed
    }

    /// An answer whose key was pressed; it holds once nothing followed it.
    struct Pressed: Hashable, Sendable {
        var answer: Answer
        var time: Duration
    }

    /// What would run, and what does when the answer is yes.
    let order: CommandOrder
    /// When the call was begun before, in seconds since 1970, where its end is not known.
    let begun: Int?
    /// Which of how many questions of the run it is, from 1.
    var number = 1
    var count = 1
    /// The first row that is shown.
    var top = 0
    /// When the terminal had shown it; nil before.
    var shown: Duration?
    /// Whether its last row was shown.
    var hasShownEnd = false
    /// When something was typed or pasted last.
    var typed: Duration
    var pressed: Pressed?

    /// How long nothing may have been typed before a key counts.
    static let quietTime = Duration.milliseconds(500)
    /// How long nothing may follow a key that counts: what is pasted follows at once.
    static let holdTime = Duration.milliseconds(150)

    /// Whether a key that is pressed now can be meant for it.
    func isReady(at now: Duration) -> Bool {
        guard let shown else { return false }
        return now - max(shown, typed) >= Self.quietTime
    }
}

/// What of a question the screen has: which frame a sign of the terminal is about.
struct ConsentFrame: Hashable, Sendable {
    var call: CallKey
    var hasEnd: Bool
}

/// Everything that the console knows about commands that answer calls.
struct CommandCalls: Sendable {
    /// What was said before, as it was read last.
    var consents = Consents()
    /// How far the calls are that a command can answer, while their runs wait.
    var work: [CallKey: CallWork] = [:]
    /// The runs whose outputs are on their way.
    var submitted: Set<String> = []
    /// How many questions a run has had.
    var questions: [String: Int] = [:]
    /// The runs for which this console began a command.
    var begun: Set<String> = []
    /// The rows that the question had when it was drawn last, and how many there was room for.
    var view = (rows: 0, space: 0)
    /// The question on the frame that was drawn last; nil where there is none.
    var frame: ConsentFrame?
    /// The frame that the terminal was asked about, and when.
    var asked: (frame: ConsentFrame, time: Duration)?

    /// How long the terminal may take to give its sign before it is asked again.
    static let signTime = Duration.seconds(2)
}
