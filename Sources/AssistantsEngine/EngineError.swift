/// Why a data directory could not be opened, or the store could not do its work.
package struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Kind: Hashable, Sendable {
        /// Another process hosts the directory; its id where the lock file tells it.
        case hosted(processID: Int?)
        /// The file is no database of ours, or is damaged.
        case corrupt
        /// A newer version of the program wrote the file.
        case newer(version: Int)
        /// The directory or a file in it cannot be written.
        case unwritable
        /// There is nothing there yet, and the caller only wanted to read.
        case missing
        case diskFull
        case other
    }

    package var kind: Kind
    /// What was attempted, what happened, what to do.
    package var message: String
    /// What the system or SQLite said; empty where they said nothing.
    package var reason: String

    /// Makes an error.
    package init(_ kind: Kind, _ message: String, reason: String = "") {
        self.kind = kind
        self.message = message
        self.reason = reason
    }

    /// The sentence, and what the system said.
    package var description: String { reason.isEmpty ? message : "\(message) (\(reason))" }
}
