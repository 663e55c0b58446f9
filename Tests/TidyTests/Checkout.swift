import FoundationEssentials

/// The files of this checkout, as the rules about them need to see them.
struct Checkout: Sendable {
    /// The checkout that these tests were built from.
    static let current = Checkout()

    /// The folder that holds `Package.swift`.
    let root: String
    /// Every Swift and C file of our own below `Sources` and `Tests`, sorted by path.
    let sources: [SourceFile]

    private init() {
        let tidyTests = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let folder = tidyTests.deletingLastPathComponent().deletingLastPathComponent()
        let root = folder.path
        self.root = root
        let paths = ["Sources", "Tests"].flatMap {
            Self.paths(below: $0, in: root, endings: [".swift", ".h", ".c"])
        }
        sources = paths.compactMap { path in
            Self.text(of: path, in: root).map { SourceFile(path: path, text: $0) }
        }
    }

    /// The names of the targets in `Sources`.
    var targets: Set<String> { Set(sources.compactMap(\.target)) }

    /// A file's text by its path from the root, or nil when there is none.
    func text(of path: String) -> String? { Self.text(of: path, in: root) }

    /// Paths from the root of the files below a folder whose names end so, sorted.
    func paths(below folder: String, endings: [String]) -> [String] {
        Self.paths(below: folder, in: root, endings: endings)
    }

    /// The names in the root folder, without those that begin with a dot, sorted.
    func topLevel() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root)
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func text(of path: String, in root: String) -> String? {
        guard let data = FileManager.default.contents(atPath: root + "/" + path) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    private static func paths(below folder: String, in root: String, endings: [String]) -> [String]
    {
        let names = try? FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder)
        return (names ?? []).filter { name in endings.contains { name.hasSuffix($0) } }
            .map { folder + "/" + $0 }.sorted()
    }
}
