/// How many tokens may be used; nil is without a limit.
package struct TokenLimits: Hashable, Sendable {
    /// The most of one run: it fails where its next model call could only go beyond.
    package var run: Int?
    /// The most of all runs of a project in a day of Greenwich: no more are begun then.
    package var projectDay: Int?

    /// Makes limits.
    package init(run: Int? = nil, projectDay: Int? = nil) {
        self.run = run
        self.projectDay = projectDay
    }
}
