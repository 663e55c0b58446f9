/// How a session uses the terminal.
package struct TerminalOptions: Sendable {
    /// Frames per second at most; nil is 120, or 60 where the environment tells of ssh.
    package var framesPerSecond: Int?
    /// Whether the mouse is reported from the start.
    package var usesMouse = true
    /// The colours to use; nil goes by `COLORTERM`, `NO_COLOR` and the terminal's type.
    package var depth: ColorDepth?
    /// A file that gets what others write to standard output and error while the screen is up; nil
    /// keeps it in memory. Its end is printed once the screen is gone.
    package var logPath: String?

    /// The usual.
    package init() {}

    func interval(isRemote: Bool) -> Int64 {
        1_000_000_000 / Int64(max(1, min(1000, framesPerSecond ?? (isRemote ? 60 : 120))))
    }
}

/// What the terminal told about itself.
package struct TerminalCapabilities: Hashable, Sendable {
    /// The colours it gets.
    package var depth = ColorDepth.mono
    /// Whether frames can be shown at once (DECSET 2026); nil before it answered.
    package var isSynchronized: Bool?
    /// Whether it has left and right margins (DECSET 69).
    package var hasMargins = false
    /// Whether it speaks the kitty keyboard protocol: Shift+Enter can be told from Enter.
    package var tellsKeysApart = false
    /// Its background; nil when it does not tell.
    package var background: Color?
    /// Name and version; nil when it does not tell.
    package var version: String?
    /// Whether it answered the questions, or the wait for it ended.
    package var isKnown = false
    /// Whether it is at the other end of an ssh connection.
    package var isRemote = false
}
