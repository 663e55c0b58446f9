import Testing

@Suite("The architecture page", .enabled(if: ArchitecturePage.current != nil, "no page yet"))
struct ArchitectureTests {
    @Test("names the twelve functions from socket to cell")
    func twelve() throws {
        let page = try #require(ArchitecturePage.current)
        #expect(page.functions.count == 12, "\(page.functions)")
    }

    @Test("names only functions that exist")
    func exist() throws {
        let page = try #require(ArchitecturePage.current)
        let missing = page.functions.filter { name in
            !Checkout.current.sources.contains { $0.target != nil && $0.declares(name) }
        }
        expectNone(missing)
    }

    @Test("names every target")
    func targets() throws {
        let page = try #require(ArchitecturePage.current)
        let missing = Checkout.current.targets.filter { !page.text.contains("`\($0)`") }
        expectNone(missing)
    }
}

/// `docs/architecture.md`, where the paragraph with arrows is the path of a delta.
struct ArchitecturePage: Sendable {
    static let current = Checkout.current.text(of: "docs/architecture.md").map {
        ArchitecturePage(text: $0)
    }

    let text: String

    /// What stands in backticks in the first paragraph that has an arrow: `Type.member(labels:)`.
    var functions: [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let paragraph = lines.split(whereSeparator: \.isEmpty).first { paragraph in
            paragraph.contains { $0.contains("→") && $0.contains("`") }
        }
        let parts = (paragraph ?? []).joined(separator: " ")
            .split(separator: "`", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }
}

extension SourceFile {
    /// Whether a function named as on the page is declared here, in the type that it names.
    fileprivate func declares(_ function: String) -> Bool {
        let signature = function.split(separator: "(").first ?? ""
        let parts = signature.split(separator: ".").map(String.init)
        guard let member = parts.last else { return false }
        let words = words.map(\.text)
        let isDeclared = words.indices.contains { place in
            member == "init"
                ? words[place] == "init"
                : words[place] == member && place > 0 && words[place - 1] == "func"
        }
        guard isDeclared else { return false }
        guard parts.count > 1 else { return true }
        let openers: Set<String> = ["struct", "class", "actor", "enum", "protocol", "extension"]
        return words.indices.dropLast().contains {
            openers.contains(words[$0]) && words[$0 + 1] == parts[0]
        }
    }
}
