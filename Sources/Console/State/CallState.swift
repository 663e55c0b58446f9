import Assistants
import Settings

/// What a tool call is doing, or how it ended.
enum CallState: Hashable, Sendable {
    /// The model is still writing its code or arguments.
    case writing
    case running
    /// It runs when the code before it is over.
    case queued
    /// Somebody has to answer it.
    case waiting
    case done
    /// It ended as nobody wanted; why, in a word or two.
    case failed(String)
    case cancelled
    /// It was begun, and whether it ended is not known.
    case lost

    /// The state in a person's words.
    var words: String {
        switch self {
        case .writing: "writing"
        case .running: "running"
        case .queued: "queued"
        case .waiting: "waiting for you"
        case .done: "done"
        case .failed(let reason): reason
        case .cancelled: "cancelled"
        case .lost: "lost"
        }
    }

    /// Whether it is still going on.
    var isActive: Bool {
        switch self {
        case .writing, .running, .queued, .waiting: true
        case .done, .failed, .cancelled, .lost: false
        }
    }

    /// The sign of the state and its colour.
    func sign(_ glyphs: Glyphs) -> StyledRow.Piece {
        switch self {
        case .writing, .running: .init(glyphs.running, .stateRunning)
        case .queued: .init(glyphs.queued, .stateQueued)
        case .waiting: .init(glyphs.waiting, .stateWaiting)
        case .done: .init(glyphs.completed, .stateCompleted)
        case .failed, .lost: .init(glyphs.failed, .stateFailed)
        case .cancelled: .init(glyphs.cancelled, .stateCancelled)
        }
    }

    /// The colour of its words: only what went wrong or waits has one.
    var role: ThemeRole {
        switch self {
        case .waiting: .stateWaiting
        case .failed, .lost: .stateFailed
        case .writing, .running, .queued, .done, .cancelled: .dim
        }
    }
}

// How a call ended is not said on the wire but by what it gave back.
extension CallState {
    /// The most that is read of an output for it: its end, in bytes.
    private static let endLimit = 16_384

    /// How a call ended that is over, by what it said last.
    init(endOf call: ToolCall) {
        switch call.kind {
        case .codeInterpreter(_, let outputs):
            let last = outputs.lazy.reversed().compactMap { output in
                if case .logs(let logs) = output { logs } else { nil }
            }.first
            self = last.map { Self(endOfCode: Self.end(of: $0)) } ?? .done
        case .function(_, _, let output):
            self = output.map { Self(endOfFunction: $0) } ?? .done
        case .fileSearch, .unknown: self = .done
        }
    }

    private static func end(of text: String) -> String {
        text.utf8.count <= endLimit
            ? text : String(decoding: text.utf8.suffix(endLimit), as: UTF8.self)
    }

    /// By the end of what code printed: our own last words on it, else a traceback.
    private init(endOfCode text: String) {
        let lines = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
        let last = lines.last.map(String.init) ?? ""
        if let words = Self.codeEndings.first(where: { last.hasPrefix($0.start) })?.state {
            self = words
        } else if last.hasPrefix("[The code left with status ") {
            let status = last.dropFirst(27).prefix { $0.isNumber || $0 == "-" }.prefix(8)
            self = status == "0" ? .done : .failed("status \(status)")
        } else {
            self = Self.exception(in: lines).map { .failed($0) } ?? .done
        }
    }

    /// What the interpreter says of code that was ended, and what that is in a word.
    private static let codeEndings: [(start: String, state: CallState)] = [
        ("[The code stopped: it took longer", .failed("timed out")),
        ("[The code stopped: somebody asked", .cancelled),
        ("[The code stopped: there is too much", .failed("disk full")),
        ("[The code stopped: the disk", .failed("disk full")),
        ("[The code stopped: it sent more", .failed("too much output")),
        ("[The interpreter ended", .failed("killed")),
        ("The code could not be run.", .failed("not run")),
        ("The code interpreter is off", .failed("not run")),
        ("The code interpreter is turned off", .failed("not run")),
        ("The call had no code", .failed("no code")),
    ]

    /// The name of the exception that a text ends with.
    private static func exception(in lines: [Substring]) -> String? {
        let head = "Traceback (most recent call last):"
        if let start = lines.lastIndex(where: { $0 == head }) {
            let after = lines[(start + 1)...]
            return after.first { !$0.hasPrefix(" ") }.flatMap(exceptionName)
        }
        // Errors of syntax have no frames, and a long traceback has lost its head.
        guard let name = lines.last.flatMap(exceptionName) else { return nil }
        let isError = ["Error", "Exception", "Interrupt"].contains { name.hasSuffix($0) }
        return isError && lines.count > 1 ? name : nil
    }

    /// The name before the colon of a traceback's last line, without its module.
    private static func exceptionName(_ line: Substring) -> String? {
        let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_.".contains($0)) }
        let rest = line.dropFirst(name.count)
        guard rest.isEmpty || rest.hasPrefix(":"), let short = name.split(separator: ".").last,
            short.utf8.count <= 64, short.first?.isNumber == false
        else { return nil }
        return String(short)
    }

    /// By what a function's command came to, where that is told in its output.
    private init(endOfFunction output: String) {
        let start = output.utf8.prefix(120)
        let text = String(decoding: start, as: UTF8.self)
        if text.hasPrefix("The function failed: it ended with status ") {
            let status = text.dropFirst(42).prefix { $0.isNumber }.prefix(4)
            self = .failed("status \(status)")
        } else {
            let known = Self.functionEndings.first { text.hasPrefix($0.start) }
            self = known?.state ?? .done
        }
    }

    private static let functionEndings: [(start: String, state: CallState)] = [
        ("The function failed: signal", .failed("killed")),
        ("The function was stopped: it took longer", .failed("timed out")),
        ("The function was stopped: it said more", .failed("too much output")),
        ("The function was stopped.", .cancelled),
        ("The function could not be run.", .failed("not run")),
        ("The person did not allow this function to run.", .failed("not allowed")),
        ("Switchboard ended before this ran.", .failed("not run")),
        ("Switchboard ended while this ran.", .lost),
        ("There is no tool named ", .failed("no such tool")),
        ("A tool was called without its name.", .failed("no such tool")),
    ]
}
