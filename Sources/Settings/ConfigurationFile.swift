/// What a person has set in `config.yaml`; what is absent there has its default here.
package struct ConfigurationFile: Hashable, Sendable {
    /// How the console lies on the screen.
    package enum Layout: String, CaseIterable, Hashable, Sendable {
        /// Chosen by the width of the terminal and by what it can do.
        case auto
        /// Tool calls and run steps as a band under the chat.
        case band
        /// Tool calls and run steps at the right of the chat.
        case side
    }

    /// The model and where it runs.
    package var model = ModelSettings()
    /// The name or id of the assistant for a new thread; nil for the one used last.
    package var assistant: String?
    /// The name or file of the theme; nil chooses light or dark by the terminal's answer.
    package var theme: String?
    /// How the console lies on the screen.
    package var layout = Layout.auto
    /// Whether the console reads the mouse.
    package var mouse = true
    /// Whether only ASCII signs are drawn; nil decides by the locale.
    package var ascii: Bool?
    /// The most frames drawn in a second; nil is the terminal's own pace.
    package var frameRate: Int?
    /// The command that edits drafts and code; nil for `VISUAL`, then `EDITOR`.
    package var editor: String?
    /// The command that opens files; nil for `xdg-open`.
    package var opener: String?
    /// Changes to the keys.
    package var keys = KeymapSettings()
    /// How runs of the console and of `ask` behave.
    package var run = RunSettings()
    /// Who speaks, and how.
    package var speech = SpeechSettings()

    /// Whether code is run, and how much it may use.
    package var code = CodeSettings()

    /// The commands that answer calls of functions.
    package var functions: [FunctionSettings] = []

    /// The defaults: what holds without a file.
    package init() {}

    /// Reads a file.
    ///
    /// - Returns: Nil where there is no such file, which is fine.
    /// - Throws: Every problem in the file, each with its line and with what is allowed.
    package static func read(_ path: String) throws(ConfigurationError) -> ConfigurationFile? {
        guard let bytes = try BoundedFile.bytes(of: path) else { return nil }
        return try ConfigurationFile(bytes: bytes, file: path)
    }

    /// Reads the bytes of a file that is named `file` in errors.
    package init(bytes: [UInt8], file: String) throws(ConfigurationError) {
        self = try YAMLText.decode(ConfigurationFile.self, from: bytes, file: file)
    }
}

extension ConfigurationFile: Decodable {
    /// The names of all settings at the top of the file.
    package static let names = [
        "model", "assistant", "theme", "layout", "mouse", "ascii", "frame-rate", "editor", "opener",
        "keys", "run", "speech", "code-interpreter", "functions",
    ]

    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: Self.names)
        model = fields.section("model") ?? model
        assistant = fields.line("assistant", limit: 256)
        theme = fields.line("theme", limit: 1_024).flatMap { $0 == "auto" ? nil : $0 }
        layout = fields.choice("layout") ?? layout
        mouse = fields.flag("mouse") ?? mouse
        ascii = fields.flag("ascii")
        frameRate = fields.number("frame-rate", in: 5...240)
        editor = fields.line("editor", limit: 1_024)
        opener = fields.line("opener", limit: 1_024)
        keys = fields.section("keys") ?? keys
        run = fields.section("run") ?? run
        speech = fields.section("speech") ?? speech
        code = fields.section("code-interpreter") ?? code
        functions = fields.section("functions", as: FunctionList.self)?.functions ?? []
    }
}

extension Fields {
    /// A text of one line without control characters, at most `limit` bytes long.
    func line(_ name: String, limit: Int) -> String? {
        parsed(name, advice: "Allowed: one line of text, at most \(limit) bytes.") { text in
            let isPlain = text.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            return isPlain && !text.isEmpty && text.utf8.count <= limit ? text : nil
        }
    }
}
