/// A program of the person's own that answers calls of a function.
package struct FunctionCommand: Hashable, Sendable {
    /// When it may run.
    package enum Consent: String, CaseIterable, Hashable, Sendable {
        /// Not before somebody was asked; nobody is asked where nobody is there.
        case ask
        /// Whenever the function is called.
        case always
        /// Never: the call waits for whoever else answers it.
        case never
    }

    /// The program, by name in `PATH` or by path, and its arguments.
    package var arguments: [String]
    /// Where the program is, when that was looked up; nil looks it up when it runs.
    package var program: String?
    package var consent: Consent
    /// How long it may take; then it is killed with all that it started.
    package var time: Duration
    /// The most bytes of its output; with more it is killed.
    package var outputLimit: Int

    /// Makes a command.
    package init(
        _ arguments: [String], consent: Consent = .ask, time: Duration = .seconds(60),
        outputLimit: Int = 256 << 10
    ) {
        self.arguments = arguments
        self.consent = consent
        self.time = time
        self.outputLimit = outputLimit
    }
}
