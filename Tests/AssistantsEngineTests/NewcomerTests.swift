import Assistants
import FoundationEssentials
import Testing

@testable import AssistantsEngine

@Suite("Guide's manual") struct NewcomerTests {
    /// The questions and the page that answers each, as `Tests/Questions` keeps them.
    private static func questions() throws -> [(question: String, page: String)] {
        let text = try String(
            contentsOfFile: root + "/Tests/Questions/questions.yaml", encoding: .utf8)
        var questions: [(String, String)] = []
        var question: String?
        for line in text.split(separator: "\n") {
            if let found = line.value(of: "- question:") {
                question = found
            } else if let page = line.value(of: "page:"), let asked = question {
                questions.append((asked, page))
            }
        }
        return questions
    }

    private static let root = #filePath.split(separator: "/").dropLast(3)
        .reduce("") { $0 + "/" + $1 }

    @Test("has the right page first for at least 34 of forty questions")
    func rightPage() async throws {
        let questions = try Self.questions()
        #expect(questions.count == 40)
        let search = ManualSearch(folder: Self.root + "/docs/manual")
        var wrong: [String] = []
        for (question, page) in questions {
            let found = try await search.search([question], limit: 3).map(\.fileName)
            if found.first != page { wrong.append("\(question) \(page), found \(found)") }
        }
        #expect(questions.count - wrong.count >= 34, "\(wrong.joined(separator: "\n"))")
    }
}

extension Substring {
    /// What follows a key of our simple YAML.
    fileprivate func value(of key: String) -> String? {
        let line = drop { $0 == " " }
        guard line.hasPrefix(key) else { return nil }
        return String(line.dropFirst(key.count).drop { $0 == " " })
    }
}
