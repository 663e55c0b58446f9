import Assistants
import Settings
import TextLayout

/// One message as rows of a width, made when it is first seen and kept while it grows.
struct MessageLayout: Sendable {
    /// The text of one part of the content.
    fileprivate struct Body: Sendable {
        enum Kind: Sendable {
            case markdown(MarkdownText)
            case plain(WrappedText)
            case picture([StyledRow])
        }

        var kind: Kind
        /// Bytes of the source that were taken in.
        var consumed = 0
        var isFinished = false
        var citations = CitationMarks()
        var rows = 0
    }

    private var bodies: [Body] = []
    /// The width the rows are for; 0 while they are an estimate.
    private(set) var width = 0
    /// Whether the message changed since the rows were made.
    private(set) var isStale = true
    private(set) var hasPictures = false
    /// Whether the text may have been replaced rather than added to.
    private var mayBeReplaced = false
    /// Rows of the text alone.
    private(set) var textRows = 0
    /// The sources the text names, numbered from 1.
    private(set) var sources: [CitationMarks.Source] = []

    /// The message got longer, or was replaced by a whole one.
    mutating func touch(replaced: Bool) {
        isStale = true
        if replaced { mayBeReplaced = true }
    }

    /// Rows that a message takes, by the size of its text: good enough for a scroll bar.
    static func estimate(_ message: Message, width: Int) -> Int {
        let bytes = message.content.reduce(0) { sum, part in
            switch part {
            case .text(let text): sum + text.value.utf8.count
            case .refusal(let text): sum + text.utf8.count
            case .imageFile, .imageURL, .unknown: sum + width
            }
        }
        return 3 + bytes / max(1, width - 6)
    }

    /// Brings the rows up to date with a message; costs what was added.
    mutating func update(
        to message: Message, width newWidth: Int, _ context: ChatContext
    ) {
        // A picture may have come.
        guard isStale || newWidth != width || hasPictures else { return }
        // The pictures that a person sent are named beneath the text.
        let parts = message.content.filter { message.role != .user || !$0.isImageFile }
        let texts = parts.map(Self.source)
        if mayBeReplaced, !matches(texts) { bodies = [] }
        if bodies.count > texts.count { bodies = [] }
        mayBeReplaced = false
        width = newWidth
        isStale = false
        textRows = 0
        sources = []
        hasPictures = false
        let style = context.glyphs.markdown
        let isMarkdown = message.role == .assistant
        let isDone = message.status != .inProgress
        for (place, text) in texts.enumerated() {
            if place == bodies.count {
                bodies.append(Body(isMarkdown: isMarkdown, style: style, width: newWidth))
            } else if bodies[place].isFinished, bodies[place].consumed != text.utf8.count {
                // More came although the message was complete: what ended begins anew.
                bodies[place] = Body(isMarkdown: isMarkdown, style: style, width: newWidth)
            }
            if case .imageFile(let id, _) = parts[place] {
                hasPictures = true
                bodies[place].show(
                    context.shown.rows(
                        ofPicture: id, columns: newWidth, rows: context.pictureRows), text)
            } else {
                bodies[place].take(text, finish: isDone, width: newWidth)
            }
            textRows += bodies[place].rows
            sources += bodies[place].citations.sources
        }
    }

    /// Rows of the text in a range, each a list of pieces.
    mutating func rows(_ range: Range<Int>) -> [StyledRow] {
        var rows: [StyledRow] = []
        var start = 0
        for place in bodies.indices {
            let own = start..<start + bodies[place].rows
            let wanted = range.clamped(to: own)
            if !wanted.isEmpty {
                rows += bodies[place].rows(
                    wanted.lowerBound - start..<wanted.upperBound - start, width: width)
            }
            start = own.upperBound
        }
        return rows
    }

    /// The source that a range of rows shows; `whole` is all of the message's.
    ///
    /// A text that is not Markdown is given whole, as is one where all rows are asked for.
    mutating func source(ofRows range: Range<Int>, whole: String) -> String {
        let range = range.clamped(to: 0..<textRows)
        if range.isEmpty { return "" }
        if range.count == textRows { return whole }
        var text = ""
        var start = 0
        for place in bodies.indices {
            let own = range.clamped(to: start..<start + bodies[place].rows)
            if !own.isEmpty {
                guard
                    let part = bodies[place].source(
                        ofRows: own.lowerBound - start..<own.upperBound - start, width: width)
                else { return whole }
                text += part
            }
            start += bodies[place].rows
        }
        return text
    }

    /// What a part shows: its text, or a line that names it.
    private static func source(_ part: MessageContent) -> String {
        switch part {
        case .text(let text): text.value
        case .refusal(let text): text
        case .imageFile(let id, _): "[image \(id)]"
        case .imageURL(let url, _): "[image \(url.prefix(500))]"
        case .unknown: "[a part of a kind that this version does not know]"
        }
    }

    /// Whether the texts only grew since they were taken in.
    private func matches(_ texts: [String]) -> Bool {
        guard bodies.count <= texts.count else { return false }
        return zip(bodies, texts).allSatisfy { $0.isPrefix(of: $1) }
    }
}

extension MessageContent {
    fileprivate var isImageFile: Bool { if case .imageFile = self { true } else { false } }
}

extension MessageLayout.Body {
    fileprivate init(isMarkdown: Bool, style: MarkdownStyle, width: Int) {
        kind =
            isMarkdown
            ? .markdown(MarkdownText(style: style))
            : .plain(WrappedText(width: width, mode: .prose, policy: style.policy))
    }

    fileprivate mutating func take(_ text: String, finish: Bool, width: Int) {
        let utf8 = text.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: min(consumed, utf8.count))
        let rest = utf8[start...]
        consumed = utf8.count
        let ends = finish && !isFinished
        if ends { isFinished = true }
        switch kind {
        case .plain(var text):
            kind = .plain(WrappedText(width: 1))  // Lets go, so that it grows in place.
            text.resize(to: width)
            text.append(rest)
            if ends { text.finish() }
            rows = text.rowCount
            kind = .plain(text)
        case .markdown(var text):
            kind = .plain(WrappedText(width: 1))
            var shown: [UInt8] = []
            citations.append(rest, to: &shown)
            if ends { citations.finish(to: &shown) }
            text.append(shown)
            if ends { text.finish() }
            rows = text.rowCount(width: width)
            kind = .markdown(text)
        case .picture: break
        }
    }

    /// Shows a picture in place of the text that names it.
    fileprivate mutating func show(_ picture: [StyledRow], _ text: String) {
        kind = .picture(picture)
        rows = picture.count
        consumed = text.utf8.count
    }

    fileprivate mutating func rows(_ range: Range<Int>, width: Int) -> [StyledRow] {
        switch kind {
        case .picture(let rows): return Array(rows[range.clamped(to: 0..<rows.count)])
        case .plain(let text):
            return range.map { StyledRow(text.row($0), .chatBody) }
        case .markdown(var text):
            kind = .plain(WrappedText(width: 1))
            let lines = text.lines(range, width: width)
            kind = .markdown(text)
            return lines.map { line in
                StyledRow(
                    line.spans.map { .init($0.text, ThemeRole($0.role), link: $0.link) })
            }
        }
    }

    /// The source of some rows; nil for a text that has no other than its own.
    fileprivate mutating func source(ofRows range: Range<Int>, width: Int) -> String? {
        if case .picture = kind { return "" }
        guard case .markdown(var text) = kind else { return nil }
        kind = .plain(WrappedText(width: 1))
        let source = text.sourceText(text.sourceRange(ofRows: range, width: width))
        kind = .markdown(text)
        return citations.restored(source)
    }

    /// Whether a text begins with what was taken in.
    fileprivate func isPrefix(of text: String) -> Bool {
        // Marks for citations change the text, so those are laid out again.
        guard citations.sources.isEmpty, consumed <= text.utf8.count else { return false }
        switch kind {
        case .markdown(let own): return text.utf8.starts(with: own.source.utf8)
        case .plain, .picture: return consumed == text.utf8.count
        }
    }
}
