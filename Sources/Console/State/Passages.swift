import Assistants
import Settings
import TextLayout

/// A passage that a message quotes, or that a search found.
struct Passage: Hashable, Sendable {
    /// What the message calls it, or its place among what was found.
    var number: Int
    var fileName: String
    /// 0…1; nil where it is not known.
    var score: Double?
    /// Nil where the passage is not known.
    var text: String?
}

/// The passages of a message or of a tool call, to be read.
struct PassagesPane: Hashable, Sendable {
    /// Whose passages they are.
    enum Subject: Hashable, Sendable {
        case message(Message.ID)
        case call(String, in: RunStep.ID)
    }

    var subject: Subject
    var top = 0
}

extension Conversation {
    /// What a message quotes, by its numbers there; a search's passages where they are known.
    func passages(of message: Message) -> [Passage] {
        var marks = CitationMarks()
        var shown: [UInt8] = []
        var quotes: [String: (id: File.ID, quote: String?)] = [:]
        for part in message.content {
            guard case .text(let text) = part else { continue }
            marks.append(text.value.utf8, to: &shown)
            for annotation in text.annotations {
                guard case .fileCitation(let id, let quote) = annotation.target else { continue }
                quotes[annotation.text] = (id, quote)
            }
        }
        let found = message.runID.map(searchResults(of:)) ?? []
        return marks.sources.enumerated().map { place, source in
            let mark = String(decoding: source.mark, as: UTF8.self)
            let quote = quotes[mark]
            let result = Self.result(for: mark, source.name, quote?.id, among: found)
            return Passage(
                number: place + 1, fileName: result?.fileName ?? source.name,
                score: result?.score, text: result?.text ?? quote?.quote)
        }
    }

    /// What a search found.
    func passages(of call: ToolCall) -> [Passage] {
        guard case .fileSearch(_, let results) = call.kind else { return [] }
        return results.enumerated().map { place, result in
            Passage(
                number: place + 1, fileName: result.fileName, score: result.score,
                text: result.text)
        }
    }

    /// What the searches of a run found, one list for each.
    private func searchResults(of run: Run.ID) -> [[FileSearchResult]] {
        steps(of: run).flatMap { step -> [[FileSearchResult]] in
            guard case .toolCalls(let calls) = step.details else { return [] }
            return calls.compactMap {
                if case .fileSearch(_, let results) = $0.kind { results } else { nil }
            }
        }
    }

    /// The passage that a mark such as `【1:2†notes.txt】` names: the third of the second search,
    /// unless that is of another file; then the first of this one.
    private static func result(
        for mark: String, _ name: String, _ file: File.ID?, among found: [[FileSearchResult]]
    ) -> FileSearchResult? {
        func fits(_ result: FileSearchResult) -> Bool {
            file.map { $0 == result.fileID } ?? (result.fileName == name)
        }
        let numbers = mark.dropFirst().prefix { $0 != "†" }.split(separator: ":").map {
            Int($0) ?? -1
        }
        if numbers.count == 2, found.indices.contains(numbers[0]),
            found[numbers[0]].indices.contains(numbers[1]),
            fits(found[numbers[0]][numbers[1]])
        {
            return found[numbers[0]][numbers[1]]
        }
        // Searches may be counted from an earlier run on.
        let place = numbers.count == 2 ? numbers[1] : -1
        let alike = found.compactMap { $0.indices.contains(place) ? $0[place] : nil }
        return alike.first(where: fits) ?? found.joined().first(where: fits)
    }
}

extension ConsoleState {
    /// Opens the passages of the selected search, or of the chosen message.
    mutating func showPassages() {
        if focus == .tools {
            let calls = shownCalls
            let place = conversation.tools.selected ?? calls.lastIndex { $0.call.hasPassages }
            if let place, calls.indices.contains(place), calls[place].call.hasPassages {
                let item = calls[place]
                return open(
                    .passages(PassagesPane(subject: .call(item.call.id, in: item.step.id))))
            }
        }
        guard let message = chosenMessage, !conversation.passages(of: message).isEmpty else {
            return say("This message quotes nothing.")
        }
        // Steps of runs before the last are read when they are needed.
        if let run = message.runID, conversation.steps(of: run).isEmpty {
            effects.append(.loadSteps(current, run))
        }
        open(.passages(PassagesPane(subject: .message(message.id))))
    }

    mutating func performInPassages(_ command: Command, _ pane: PassagesPane) {
        if command == .listClose || command == .passages || command == .listChoose {
            return _ = closeInnermost()
        }
        var pane = pane
        let layout = screenLayout
        let space = layout.inputRule - layout.main.row - 1
        let count = content(of: pane, columns: columns - 2).rows.count
        if let place = moved(pane.top, by: command, count: max(1, count - space + 1)) {
            pane.top = place
        }
        popups[popups.count - 1] = .passages(pane)
    }

    func content(of pane: PassagesPane, columns: Int) -> PopupContent {
        let passages: [Passage]
        switch pane.subject {
        case .message(let id):
            passages = conversation.transcript.message(id).map(conversation.passages(of:)) ?? []
        case .call(let id, let step):
            guard case .toolCalls(let calls) = conversation.transcript.step(step)?.details,
                let call = calls.first(where: { $0.id == id })
            else {
                passages = []
                break
            }
            passages = conversation.passages(of: call)
        }
        var content = PopupContent(
            title: "Quoted passages", right: passages.count.grouped, top: pane.top)
        content.rows = Array(passages.map { rows(of: $0, columns: columns) }.joined())
        return content
    }

    private func rows(of passage: Passage, columns: Int) -> [StyledRow] {
        var head = [
            StyledRow.Piece("【\(passage.number)】", .markdownCitation),
            .init(passage.fileName.oneRow, .toolArgument),
        ]
        if let score = passage.score {
            head.append(.init(" \(glyphs.dot) \(score.scoreText)", .dim))
        }
        let text = passage.text.map { $0.canonicalised(as: .prose) }
        let lines =
            text?.wrapped(to: max(10, columns - 4)).map { StyledRow(String($0), .text, indent: 2) }
            ?? [StyledRow("The passage is not known.", .dim, indent: 2)]
        return [StyledRow(head)] + lines + [StyledRow()]
    }
}

extension ToolCall {
    /// Whether it found anything to read.
    fileprivate var hasPassages: Bool {
        if case .fileSearch(_, let results) = kind { !results.isEmpty } else { false }
    }
}

extension Double {
    /// A score from 0 to 1 with two digits behind the point.
    var scoreText: String {
        let hundredths = Int((Swift.min(Swift.max(self, 0), 1) * 100).rounded())
        return hundredths >= 100 ? "1.00" : "0.\(hundredths.twoDigits)"
    }
}
