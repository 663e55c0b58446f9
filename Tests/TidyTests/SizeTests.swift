import Testing

@Suite("Every source file")
struct SizeTests {
    private static let files = Checkout.current.sources

    /// Tables of data, which are not read from top to bottom.
    private static let longFiles: Set<String> = []

    @Test("is found")
    func isFound() {
        #expect(Self.files.contains { $0.path.hasPrefix("Sources/") })
        #expect(Self.files.contains { $0.path.hasPrefix("Tests/") })
    }

    @Test("has at most 400 lines")
    func fileLength() {
        let long = Self.files.filter { $0.lines.count > 401 && !Self.longFiles.contains($0.path) }
        expectNone(long.map { "\($0.path): \($0.lines.count - 1) lines" })
    }

    @Test("has lines of at most 100 columns")
    func lineLength() {
        let long = Self.files.flatMap { file in
            file.lines.indices.filter { file.lines[$0].count > 100 }.map {
                "\(file.path):\($0 + 1): \(file.lines[$0].count) columns"
            }
        }
        expectNone(long)
    }

    @Test("has functions of at most 70 lines")
    func functionLength() {
        let long = Self.files.filter(\.isSwift).flatMap { file in
            file.functions.filter { $0.lineCount > 70 }.map {
                "\(file.path):\($0.line): \($0.name) has \($0.lineCount) lines"
            }
        }
        expectNone(long)
    }

    @Test("uses names that say what a thing is")
    func names() {
        let endings = ["Manager", "Helper", "Helpers", "Utils", "Utilities", "Impl"]
        let abbreviations: Set<String> = ["ctx", "msg", "evt", "cfg"]
        let bad = Self.files.filter(\.isSwift).flatMap { file in
            let types = file.declaredTypes.filter { type in endings.contains { type.hasSuffix($0) }
            }
            let names = file.declaredNames.filter { abbreviations.contains($0) }
            return (types + names).map { "\(file.path): \($0)" }
        }
        expectNone(bad)
    }

    @Test("leaves no note of work undone")
    func notes() {
        let words = ["TO" + "DO", "FIX" + "ME"]
        let others = ["docs", "script", "themes"].flatMap {
            Checkout.current.paths(below: $0, endings: [""])
        }
        let texts =
            Self.files.map { ($0.path, $0.lines.joined(separator: "\n")) }
            + others.compactMap { path in Checkout.current.text(of: path).map { (path, $0) } }
        let bad = texts.filter { _, text in words.contains { text.contains($0) } }.map(\.0)
        expectNone(bad)
    }
}
