/// What to start, and what its standard streams are.
package struct Launch: Sendable {
    /// Where one of the standard streams leads.
    package enum Stream: Hashable, Sendable {
        /// Where ours leads.
        case shared
        /// To nothing.
        case nothing
        /// From or to a descriptor of ours, above 2.
        case descriptor(Int32)
    }

    /// The program, by name in `PATH` or by path, and its arguments.
    package var arguments: [String]
    /// The program's path, whatever the first argument says; nil goes by that.
    package var program: String?
    /// The whole environment; nil for ours.
    package var environment: [String: String]?
    /// Standard input.
    package var input: Stream
    /// Standard output.
    package var output: Stream
    /// Standard error.
    package var errors: Stream
    /// Further descriptors of ours, which become 3, 4 and so on.
    package var descriptors: [Int32] = []
    /// Whether it leads a session and so a process group of its own, without a terminal.
    package var hasOwnSession = false

    /// Starts with our own streams and environment, in our group.
    package init(
        _ arguments: [String], input: Stream = .shared, output: Stream = .shared,
        errors: Stream = .shared, environment: [String: String]? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
    }
}

/// How a process ended.
package enum ProcessEnding: Hashable, Sendable {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case killed(Int32)

    /// Whether it says that all went well.
    package var isSuccess: Bool { self == .exited(0) }
}

/// Why a process could not be started or talked to.
package enum ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No such program; its name.
    case notFound(String)
    /// The system refused to start it; its name and the error number.
    case notStarted(String, code: Int32)
    /// It does not read its standard input any more.
    case inputClosed
    /// The waiting task was cancelled.
    case cancelled

    /// One sentence.
    package var description: String {
        switch self {
        case .notFound(let name): "The program \(name) was not found."
        case .notStarted(let name, let code):
            "The program \(name) could not be started: \(reason(code))."
        case .inputClosed: "The program takes no more input."
        case .cancelled: "The wait was cancelled."
        }
    }
}
