package import Processes
package import Settings
package import Speech

/// How one sitting at the console begins, and what it keeps to.
package struct ConsoleOptions: Sendable {
    /// The keys; `Keymap.standard` unless a person changed them.
    package var keymap = Keymap.standard
    /// The themes that can be chosen, the one to begin with first; empty for the built-in one.
    package var themes: [Theme] = []
    /// Whether the person chose the first theme; otherwise one is taken that is made for the
    /// ground the terminal tells of.
    package var isThemeChosen = false
    /// Whether only ASCII signs are drawn.
    package var isASCII = false
    /// Whether the mouse is read from the start.
    package var usesMouse = true
    /// How the panes lie, where the person has said so.
    package var layout = ConfigurationFile.Layout.auto
    /// The thread to open; nil for the one that was open last.
    package var threadID: String?
    /// The name or id of the assistant for new threads; nil for the one used last.
    package var assistant: String?
    /// How long a run may take.
    package var runDeadline = Duration.seconds(86_400)
    /// The file that keeps drafts and reading places; nil remembers nothing.
    package var memoryPath: String?
    /// The editor of the configuration; nil for `VISUAL`, then `EDITOR`.
    package var editor: String?
    /// The configuration's command that opens files; nil for `xdg-open`.
    package var opener: String?
    /// How texts are spoken; nil where they cannot be.
    package var speech: SpeechSetup?
    /// What a person fills in who answers a call of a function, by the functions' names.
    package var outputSchemas: [String: OutputSchema] = [:]
    /// Local time minus UTC, in seconds.
    package var utcOffset = 0
    /// What the status line says when everything is read from somewhere else: the server's address.
    package var serverName: String?
    /// The commands that may answer calls of functions, by the functions' names.
    package var functions: [String: FunctionCommand] = [:]
    /// What consents are about: the data directory, or the server's address.
    package var service = ""
    /// The folder that commands run in.
    package var folder = ""
    /// The file of what was said about commands; without it none is run.
    package var consentsPath: String?
    /// Frames per second at most; nil is the terminal's own pace.
    package var framesPerSecond: Int?
    /// A file that gets what others write to standard error while the screen is up.
    package var logPath: String?

    /// Whether everything is read from a server, which is a stranger.
    var isServer: Bool { serverName != nil }

    /// The usual.
    package init() {}
}
