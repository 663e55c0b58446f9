import FoundationEssentials
import Settings
import Testing

@Suite("The manual") struct ManualTests {
    static let pages = [
        "assistants.md", "commands.md", "configuration.md", "console.md", "models.md",
        "privacy.md", "runs.md", "start.md", "themes.md", "threads.md", "tools.md", "trouble.md",
    ]

    @Test("has these pages, each a title and sections that can be quoted alone")
    func structure() throws {
        let folder = Places.checkout + "/docs/manual"
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == Self.pages)
        for name in Self.pages {
            let lines = try lines(of: name)
            #expect(lines.first?.hasPrefix("# ") == true, "\(name)")
            let sections = lines.filter { $0.hasPrefix("## ") }
            #expect(sections.count >= 3 && Set(sections).count == sections.count, "\(name)")
            // Text above the first section could not be quoted with a heading.
            #expect(lines.dropFirst().first?.hasPrefix("## ") == true, "\(name)")
        }
    }

    @Test("is asked forty questions, spread over all pages, none in the words of a page's title")
    func questions() throws {
        let asked = try Self.questions
        #expect(asked.count == 40)
        #expect(Set(asked.map(\.page)) == Set(Self.pages))
        for (question, name) in asked {
            let title = try #require(try lines(of: name).first).dropFirst(2).lowercased()
            #expect(!question.lowercased().contains(title), "\(question)")
            // Answers are written for people: no page repeats a question.
            let text = try lines(of: name).joined(separator: " ").lowercased()
            #expect(!text.contains(question.lowercased().dropLast()), "\(question)")
        }
    }

    @Test("shows only settings and themes that can be read")
    func examples() throws {
        for text in try examples(in: "docs/manual/configuration.md") {
            _ = try ConfigurationFile(bytes: Array(text.utf8), file: "configuration.md")
        }
        for text in try examples(in: "docs/manual/themes.md") {
            #expect(try !ThemeFile(bytes: Array(text.utf8), file: "themes.md").styles.isEmpty)
        }
        for text in try examples(in: "docs/themes.md") {
            let whole = text.hasPrefix("  ") ? "styles:\n" + text : text
            #expect(try !ThemeFile(bytes: Array(whole.utf8), file: "themes.md").styles.isEmpty)
        }
    }

    @Test("names every setting there is")
    func settings() throws {
        let text = try examples(in: "docs/manual/configuration.md").joined(separator: "\n")
        for name in ConfigurationFile.names {
            #expect(text.contains("\n\(name):") || text.hasPrefix("\(name):"), "\(name)")
        }
    }

    private static var questions: [(question: String, page: String)] {
        get throws {
            let text = try page("Tests/Questions/questions.yaml")
            let questions = values(of: "- question: ", in: text)
            let pages = values(of: "  page: ", in: text)
            try #require(questions.count == pages.count)
            return zip(questions, pages).map { (question: $0, page: $1) }
        }
    }

    private static func values(of key: String, in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix(key) }
            .map { String($0.dropFirst(key.count)) }
    }

    private func lines(of name: String) throws -> [Substring] {
        try page("docs/manual/" + name).split(separator: "\n")
    }

    /// The YAML examples of a page.
    private func examples(in name: String) throws -> [String] {
        let parts = try page(name).split(separator: "```yaml\n").dropFirst()
        try #require(!parts.isEmpty)
        return parts.compactMap { $0.split(separator: "```").first.map(String.init) }
    }
}
