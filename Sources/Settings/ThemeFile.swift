/// One theme file as it is written, before what it extends is added.
package struct ThemeFile: Hashable, Sendable {
    /// The name shown in the list of themes; nil where the file gives none.
    package var name: String?
    /// The ground the theme is made for; nil where the file does not say.
    package var ground: Theme.Ground?
    /// The name or file of the theme whose styles hold where this one says nothing.
    package var base: String?
    /// The place of `base` in the file, for errors about it.
    package var baseLine: Int?
    /// The styles this file gives.
    package var styles: [ThemeRole: ThemeStyle] = [:]

    /// Reads a file.
    ///
    /// - Returns: Nil where there is no such file.
    /// - Throws: Every problem in the file, each with its line and with what is allowed.
    package static func read(_ path: String) throws(ConfigurationError) -> ThemeFile? {
        guard let bytes = try BoundedFile.bytes(of: path) else { return nil }
        return try ThemeFile(bytes: bytes, file: path)
    }

    /// Reads the bytes of a file that is named `file` in errors.
    package init(bytes: [UInt8], file: String) throws(ConfigurationError) {
        self = try YAMLText.decode(ThemeFile.self, from: bytes, file: file)
    }
}

extension ThemeFile: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: ["name", "ground", "extends", "styles"])
        name = fields.line("name", limit: 64)
        ground = fields.choice("ground")
        base = fields.line("extends", limit: 1_024)
        baseLine = fields.place(of: "extends")?.line
        styles = fields.section("styles", as: StyleList.self)?.styles ?? [:]
    }
}

/// The mapping under `styles`: role to style.
private struct StyleList: Decodable {
    var styles: [ThemeRole: ThemeStyle] = [:]

    init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: ThemeRole.allCases.map(\.rawValue))
        for role in ThemeRole.allCases {
            styles[role] = fields.section(role.rawValue, as: ThemeStyle.self)
        }
    }
}
