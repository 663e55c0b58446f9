import Assistants
import Wire

/// What Guide says to a request, as the pieces of a model's answer.
struct GuideAnswer {
    let events: [ModelEvent]

    init(to request: ModelRequest) {
        let question = Self.question(in: request.messages)
        if let results = Self.results(in: request.messages) {
            events = Self.written(Self.answer(to: question, from: results))
        } else if !request.tools.contains(where: \.isFileSearch) {
            events = Self.written(SmallTalk.noModel)
        } else if let reply = SmallTalk.reply(to: question) {
            events = Self.written(reply)
        } else {
            let arguments: JSONValue = ["queries": [.string(String(question.prefix(1000)))]]
            events = [
                .toolCall(
                    index: 0, id: nil, name: "file_search", arguments: arguments.text),
                .finished(.toolCalls),
            ]
        }
    }

    /// The text that was asked last.
    private static func question(in messages: [ModelMessage]) -> String {
        for message in messages.reversed() {
            guard case .user(let content) = message else { continue }
            return content.compactMap { part in
                if case .text(let text) = part { text.value } else { nil }
            }.joined(separator: "\n")
        }
        return ""
    }

    /// What the search of this run found; nil when none was made since the question.
    private static func results(in messages: [ModelMessage]) -> [FileSearchResult]? {
        for message in messages.reversed() {
            switch message {
            case .user: return nil
            case .tool: continue
            case .assistant(_, let calls, _):
                for call in calls {
                    if case .fileSearch(_, let results) = call.kind { return results }
                }
            }
        }
        return nil
    }

    /// A text as a model would write it: word by word.
    private static func written(_ text: String) -> [ModelEvent] {
        var events: [ModelEvent] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if character == " " || character == "\n" {
                events.append(.text(piece))
                piece = ""
            }
        }
        if !piece.isEmpty { events.append(.text(piece)) }
        return events + [.finished(.stop)]
    }

    private static func answer(to question: String, from results: [FileSearchResult]) -> String {
        let words = QuestionWords(question)
        let covered = results.prefix(3).map { words.coverage(in: ($0.text ?? "") + $0.fileName) }
        guard let best = results.first, let share = covered.max(), share >= 0.4 else {
            return SmallTalk.offSubject
        }
        var answer = extract(best, number: 0, words: words)
        if results.count > 1, covered.count > 1, covered[1] >= 0.5, results[1].text != best.text {
            answer += "\n\nRelated:\n\n" + extract(results[1], number: 1, words: words, short: true)
        }
        return answer
    }

    /// A passage as a quotation: its heading, what fits the question best, the citation.
    private static func extract(
        _ result: FileSearchResult, number: Int, words: QuestionWords, short: Bool = false
    ) -> String {
        let passage = ManualPassage(result.text ?? "")
        let blocks = passage.blocks(for: words, limit: short ? 240 : 900)
        let heading = passage.heading.isEmpty ? result.fileName : passage.heading
        let marker = "【0:\(number)†\(result.fileName)】"
        return "**\(heading)** \(marker)\n\n" + blocks.joined(separator: "\n\n")
    }
}

/// A section of the manual: its heading and its blocks.
struct ManualPassage {
    let heading: String
    private let blocks: [String]

    init(_ text: String) {
        var heading = ""
        var blocks: [String] = []
        var fence = false
        var block: [Substring] = []
        func close() {
            if !block.isEmpty { blocks.append(block.joined(separator: "\n")) }
            block = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { fence.toggle() }
            if !fence, line.hasPrefix("#") {
                close()
                let title = line.drop { $0 == "#" || $0 == " " }
                heading = heading.isEmpty ? String(title) : heading + " › " + title
            } else if !fence, line.isEmpty {
                close()
            } else {
                block.append(line)
            }
        }
        close()
        self.heading = heading
        self.blocks = blocks
    }

    /// The blocks that fit a question best, in the order of the page, within a size in bytes; at
    /// least one.
    func blocks(for words: QuestionWords, limit: Int) -> [String] {
        let ranked = blocks.indices.sorted {
            (words.coverage(in: blocks[$0]), -$0) > (words.coverage(in: blocks[$1]), -$1)
        }
        var chosen: Set<Int> = []
        var size = 0
        for index in ranked {
            let length = blocks[index].utf8.count
            if !chosen.isEmpty && size + length > limit { continue }
            chosen.insert(index)
            size += length
            // A line that announces what follows is worth nothing without it.
            if blocks[index].hasSuffix(":"), index + 1 < blocks.count { chosen.insert(index + 1) }
        }
        return chosen.sorted().map { blocks[$0] }
    }
}

extension Tool {
    var isFileSearch: Bool {
        if case .fileSearch = self { true } else { false }
    }
}
