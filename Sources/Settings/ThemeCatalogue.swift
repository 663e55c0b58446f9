import FoundationEssentials

/// Finds themes by name or file, and adds what they extend.
package struct ThemeCatalogue: Hashable, Sendable {
    /// The most themes that may extend one another.
    package static let chainLimit = 8

    /// The folders that hold themes, the first with a name wins.
    package var folders: [String]

    /// A catalogue of these folders.
    package init(folders: [String]) {
        self.folders = folders
    }

    /// The names of all themes, sorted.
    package var names: [String] {
        let files = folders.flatMap { folder in
            // A folder that is not there, or cannot be read, has no themes to offer.
            (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }
        let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        return Set(names).sorted()
    }

    /// A theme by its name, or by its file when the text holds a slash or ends in `.yaml`.
    ///
    /// - Throws: What is wrong in its file or one it extends, or that there is no such theme.
    package func theme(_ nameOrFile: String) throws(ConfigurationError) -> Theme {
        var chain: [(file: ThemeFile, path: String)] = []
        var wanted = nameOrFile
        while true {
            let found = try file(wanted, askedBy: chain.last)
            if chain.contains(where: { $0.path == found.path }) || chain.count == Self.chainLimit {
                throw loop(chain.last)
            }
            chain.append(found)
            guard let base = found.file.base else { break }
            wanted = base
        }
        return Self.theme(of: chain.map(\.file), name: Self.name(of: nameOrFile))
    }

    private static func theme(of chain: [ThemeFile], name: String) -> Theme {
        var styles: [ThemeRole: ThemeStyle] = [:]
        for file in chain.reversed() {
            styles.merge(file.styles) { base, style in style.over(base) }
        }
        return Theme(
            name: chain.first?.name ?? name,
            ground: chain.lazy.compactMap(\.ground).first ?? .any, styles: styles)
    }

    /// The file of a theme: beside the file that asks for it, or in one of the folders.
    private func file(
        _ nameOrFile: String, askedBy: (file: ThemeFile, path: String)?
    ) throws(ConfigurationError) -> (file: ThemeFile, path: String) {
        for path in candidates(nameOrFile, askedBy: askedBy?.path) {
            if let file = try ThemeFile.read(path) { return (file, path) }
        }
        throw ConfigurationError([
            .init(
                file: askedBy?.path ?? nameOrFile, line: askedBy?.file.baseLine,
                message: "There is no theme \(nameOrFile.quoted).",
                advice: names.isEmpty
                    ? "Give the path of a theme file."
                    : "Allowed: \(names.joined(separator: ", ")), or the path of a theme file.")
        ])
    }

    private func candidates(_ nameOrFile: String, askedBy: String?) -> [String] {
        let isFile = nameOrFile.contains("/") || nameOrFile.hasSuffix(".yaml")
        guard isFile else { return folders.map { "\($0)/\(nameOrFile).yaml" } }
        guard !nameOrFile.hasPrefix("/"), let askedBy, let slash = askedBy.lastIndex(of: "/") else {
            return [nameOrFile]
        }
        return [askedBy[..<slash] + "/" + nameOrFile]
    }

    private func loop(_ last: (file: ThemeFile, path: String)?) -> ConfigurationError {
        ConfigurationError([
            .init(
                file: last?.path ?? "", line: last?.file.baseLine,
                message: "This theme extends itself, or too many others.",
                advice: "At most \(Self.chainLimit) themes may build on one another.")
        ])
    }

    private static func name(of nameOrFile: String) -> String {
        let last = nameOrFile.split(separator: "/").last.map(String.init) ?? nameOrFile
        return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
    }
}
