/// What is heard of a cell while it runs; the last is `ended`.
package enum CellEvent: Hashable, Sendable {
    /// Which of its streams code wrote to, or that it is the value of the last expression.
    package enum Source: String, Hashable, Sendable { case stdout, stderr, result }

    /// Nothing that was defined before is there: it ended with the kernel that had it. Whether the
    /// files that code made still are.
    case renewed(filesStay: Bool)
    /// Text, as it was printed. Control characters are left in it, but for NUL.
    case text(String, Source)
    /// There is more text, and no room for it.
    case cut
    /// A PNG: a figure that was shown or left open, or the value of the last expression.
    case image([UInt8])
    /// A file below `/mnt/data` that is new or changed, by its path from there.
    case file(String)
    /// The cell is over.
    case ended(CellEnding)
}

/// How a cell ended.
package enum CellEnding: Hashable, Sendable {
    /// By itself.
    case finished
    /// With an exception, whose traceback was printed; its type.
    case failed(String)
    /// By `sys.exit`. What was defined is still there.
    case left(status: Int)
    /// It was interrupted. What was defined is still there.
    case interrupted(CellStop)
    /// The kernel died, and all that was defined is lost; why, in a sentence.
    case died(String)

    /// In words, for whoever looks at the call and for the model.
    package var description: String {
        switch self {
        case .finished: "finished"
        case .failed(let name): "failed with \(name)"
        case .left(let status): "left with status \(status)"
        case .interrupted(let stop): "stopped: \(stop.description)"
        case .died(let sentence): "the interpreter ended: \(sentence)"
        }
    }
}

/// Why code was stopped.
package enum CellStop: Hashable, Sendable {
    /// Somebody asked for it.
    case asked
    /// It took too long; the limit, in seconds.
    case timeLimit(seconds: Int)
    /// `/mnt/data` grew beyond its limit.
    case folderLimit
    /// The disk is nearly full, or much fuller than it was.
    case diskFull
    /// The machine has hardly any memory left.
    case memory
    /// It sent more than anybody would read.
    case flood

    /// In words.
    package var description: String {
        switch self {
        case .asked: "somebody asked for it"
        case .timeLimit(let seconds): "it took longer than \(seconds) s"
        case .folderLimit: "there is too much in /mnt/data"
        case .diskFull: "it takes too much of the disk"
        case .memory: "the machine has hardly any memory left"
        case .flood: "it sent more than can be read"
        }
    }
}

/// Why a kernel takes no cell.
package enum CellRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// It runs another one.
    case busy
    /// It has ended.
    case ended
    /// The code is longer than `CodeKernel.codeLimit`.
    case tooLong

    /// A sentence.
    package var description: String {
        switch self {
        case .busy: "The interpreter is still at work on something else."
        case .ended: "The interpreter has ended."
        case .tooLong: "The code is too long: at most \(CodeKernel.codeLimit >> 10) KiB are run."
        }
    }
}
