/// What is wrong with a file that a person wrote, all of it at once.
///
/// The description has one line for each problem: `file:line:column: what. allowed.`
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong, and where.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The file, as it was named by who asked for it.
        package var file: String
        /// The line, from 1; nil where the whole file is meant.
        package var line: Int?
        /// The column in Unicode scalars, from 1.
        package var column: Int?
        /// What is wrong, as a sentence. Text from the file is quoted, without controls.
        package var message: String
        /// What may stand there instead, or what to do, as a sentence.
        package var advice: String?

        /// A problem at a place in a file.
        package init(
            file: String, line: Int? = nil, column: Int? = nil, message: String,
            advice: String? = nil
        ) {
            self.file = file
            self.line = line
            self.column = column
            self.message = message
            self.advice = advice
        }

        /// The place, what is wrong and what is allowed, on one line.
        package var description: String {
            var text = file.withoutControls
            if let line { text += ":\(line)" }
            if line != nil, let column { text += ":\(column)" }
            text += ": " + message
            if let advice { text += " " + advice }
            return text
        }
    }

    /// The problems in the order of the file; never empty.
    package var problems: [Problem]

    /// An error that holds all of `problems`.
    package init(_ problems: [Problem]) {
        precondition(!problems.isEmpty, "an error names at least one problem")
        self.problems = problems
    }

    /// The problems, one a line.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
