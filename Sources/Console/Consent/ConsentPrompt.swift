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
    /// The rows from the first on that the terminal took in frames, without a gap, and of how many.
    var taken = 0
    var rows = 0
    /// Whether all of its rows were shown.
    var hasShownEnd = false
    /// When something was typed or pasted last.
    var typed: Duration
    var pressed: Pressed?

    /// How long nothing may have been typed before a key counts.
    static let quietTime = Duration.milliseconds(500)
    /// How long nothing may follow a key that counts: what is pasted follows at once.
    static let holdTime = Duration.milliseconds(150)

    /// Nothing of it is on the screen any more, and what is typed until it is again was meant for
    /// something else.
    mutating func hide(at now: Duration) {
        shown = nil
        (taken, hasShownEnd) = (0, false)
        (typed, pressed) = (now, nil)
        top = 0
    }

    /// The terminal took a frame with these of its rows.
    mutating func take(_ frame: ConsentFrame) {
        if rows != frame.rows { (taken, hasShownEnd) = (0, false) }
        rows = frame.rows
        if frame.first <= taken { taken = max(taken, frame.end) }
    }

    /// Whether a key that is pressed now can be meant for it.
    func isReady(at now: Duration) -> Bool {
        guard let shown else { return false }
        return now - max(shown, typed) >= Self.quietTime
    }
}

/// What of a question a frame has.
struct ConsentFrame: Hashable, Sendable {
    var call: CallKey
    /// Its rows, and how many the question has.
    var first: Int
    var end: Int
    var rows: Int
}

/// What a sign of the terminal is about.
struct ConsentSign: Hashable, Sendable {
    var call: CallKey
    /// The rows that it had taken without a gap, and of how many.
    var taken: Int
    var rows: Int
    /// When it was asked for.
    var time: Duration
}

/// Everything that the console knows about commands that answer calls.
struct CommandCalls: Sendable {
    /// What was said before, as it was read last.
    var consents = Consents()
    /// How far the calls are that a command can answer, while their runs wait.
    var work: [CallKey: CallWork] = [:]
    /// The runs whose outputs are on their way.
    var submitted: Set<String> = []
    /// The calls that this console began a command for.
    var begun: Set<CallKey> = []
    /// How many questions a run has had.
    var questions: [String: Int] = [:]
    /// The rows that the question had when it was drawn last, and how many there was room for.
    var view = (rows: 0, space: 0)
    /// The question on the frame that was drawn last; nil where there is none.
    var frame: ConsentFrame?
    /// What the terminal was asked about.
    var asked: ConsentSign?

    /// How long the terminal may take to give its sign before it is asked again.
    static let signTime = Duration.seconds(2)
}
