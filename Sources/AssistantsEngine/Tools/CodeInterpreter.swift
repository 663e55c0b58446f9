package import Assistants

/// Runs the code that models write: each thread's in a place of its own, whose state stays.
package protocol CodeInterpreter: Sendable {
    /// Runs code after what the thread ran before. Cancelling the task that reads the events stops
    /// the code.
    func run(_ code: CodeRun) async -> AsyncStream<InterpreterEvent>

    /// The files that a thread's code finds, by their paths below `/mnt/data`: those that are there
    /// now, and `inputs`, under the names that they have or will get.
    func files(of thread: Assistants.Thread.ID, with inputs: [CodeRun.Input]) async -> [String]

    /// Copies a file that the thread's code made to a new file at a path.
    /// - Parameter file: Its name, as `InterpreterEvent.finished` told it.
    /// - Throws: where it is gone, too large, or no plain file.
    func copy(
        _ file: String, of thread: Assistants.Thread.ID, to path: String
    ) async throws(InterpreterError)

    /// Gets ready for code that will come soon.
    func prepare() async

    /// Ends what runs for a thread and drops its files.
    func forget(_ thread: Assistants.Thread.ID) async

    /// Ends everything.
    func close() async
}

/// Code that is to be run, and what it finds.
package struct CodeRun: Hashable, Sendable {
    /// A file that the code finds under `/mnt/data`.
    package struct Input: Hashable, Sendable {
        /// The file's id; what was there before under it is not copied again.
        package var id: File.ID
        /// The name it should have; made harmless and unique by the interpreter.
        package var name: String
        /// Where its bytes are.
        package var path: String

        /// Names a file.
        package init(id: File.ID, name: String, path: String) {
            self.id = id
            self.name = name
            self.path = path
        }
    }

    /// Whose state it runs in.
    package var thread: Assistants.Thread.ID
    package var code: String
    package var inputs: [Input]
    /// Whether the thread ran code before, whatever became of what that had defined.
    package var hasHistory: Bool

    /// Makes a run of code.
    package init(
        thread: Assistants.Thread.ID, code: String, inputs: [Input] = [], hasHistory: Bool = false
    ) {
        self.thread = thread
        self.code = code
        self.inputs = inputs
        self.hasHistory = hasHistory
    }
}

/// What happens while code runs. All of it is other people's: it is bounded, but means no good.
package enum InterpreterEvent: Hashable, Sendable {
    /// It printed something, or showed its last expression, or an error.
    case printed(String)
    /// It drew a picture: PNG.
    case drew([UInt8])
    /// It is over; all files there are now under `/mnt/data`, by their paths below it.
    case finished(files: [String])
    /// It could not run, or died; a sentence says why and what to do.
    case failed(String)
}

/// Why a file of the code's could not be taken.
package struct InterpreterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package var description: String

    /// Makes an error.
    package init(_ description: String) { self.description = description }
}

/// Where code cannot be run: every call says why.
package struct NoCodeInterpreter: CodeInterpreter {
    private let reason: String

    /// Makes it with the sentence that says why, and what to do.
    package init(_ reason: String = "The code interpreter is off here.") { self.reason = reason }

    package func run(_ code: CodeRun) async -> AsyncStream<InterpreterEvent> {
        AsyncStream {
            $0.yield(.failed(reason))
            $0.finish()
        }
    }

    package func files(
        of thread: Assistants.Thread.ID, with inputs: [CodeRun.Input]
    ) async -> [String] { [] }

    package func copy(
        _ file: String, of thread: Assistants.Thread.ID, to path: String
    ) async throws(InterpreterError) { throw InterpreterError(reason) }

    package func prepare() async {}
    package func forget(_ thread: Assistants.Thread.ID) async {}
    package func close() async {}
}
