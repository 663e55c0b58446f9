/// Why a terminal cannot be used, as a sentence a person can act on.
package struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Hashable, Sendable {
        case notATerminal
        case cannotDraw
        case unknownType
        case notUTF8
        case noThread
        case system
    }

    /// What is wrong.
    package var code: Code
    /// What was attempted, what happened, what to do.
    package var message: String

    package var description: String { message }

    static func notATerminal(_ stream: String) -> TerminalError {
        TerminalError(
            code: .notATerminal,
            message: """
                The console needs a terminal, but \(stream) is not one. \
                Run it without redirection, or use `switchboard ask` in pipes.
                """)
    }

    static func cannotDraw(_ type: String) -> TerminalError {
        TerminalError(
            code: .cannotDraw,
            message: """
                The console cannot draw on a terminal of type “\(type)” (TERM), which cannot place \
                its cursor. Use another terminal, or `switchboard ask`.
                """)
    }

    static func unknownType(_ type: String) -> TerminalError {
        TerminalError(
            code: .unknownType,
            message: """
                The terminal's type “\(type)” (TERM) is not known on this machine. \
                Set TERM to one that is, such as xterm-256color, or install the package \
                ncurses-term.
                """)
    }

    static var notUTF8: TerminalError {
        TerminalError(
            code: .notUTF8,
            message: """
                The console needs a UTF-8 locale, but LC_ALL, LC_CTYPE or LANG chooses another \
                character set. Set LC_ALL=C.UTF-8, or your language's UTF-8 locale.
                """)
    }

    static func system(_ attempt: String, error: Int32) -> TerminalError {
        TerminalError(
            code: .system, message: "Could not \(attempt): error \(error) of the operating system.")
    }
}
