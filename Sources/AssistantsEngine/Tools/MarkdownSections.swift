/// A Markdown page cut at its headings.
struct MarkdownSections {
    /// One section: the headings it stands under, outermost first, and its text with them.
    struct Section: Hashable, Sendable {
        var headings: [String]
        var text: String
    }

    private(set) var sections: [Section] = []

    init(_ page: String) {
        var path: [(level: Int, line: String)] = []
        var body: [Substring] = []
        var isCode = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode, let level = Self.level(of: line) else {
                body.append(line)
                continue
            }
            close(path.map(\.line), body)
            body = []
            path.removeAll { $0.level >= level }
            path.append((level, String(line)))
        }
        close(path.map(\.line), body)
    }

    private mutating func close(_ headings: [String], _ body: [Substring]) {
        let lines = body.drop { $0.isEmpty }
        let end = lines.lastIndex { !$0.isEmpty }
        guard let end else { return }
        let text = lines[...end].joined(separator: "\n")
        sections.append(
            Section(
                headings: headings.map { String($0.drop { $0 == "#" || $0 == " " }) },
                text: (headings + ["", text]).joined(separator: "\n")))
    }

    /// 1…6 for a heading, else nil.
    private static func level(of line: Substring) -> Int? {
        let level = line.prefix { $0 == "#" }.count
        return (1...6).contains(level) && line.dropFirst(level).first == " " ? level : nil
    }
}
