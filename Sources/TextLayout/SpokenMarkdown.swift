/// What of a Markdown text is to be read aloud, also while the text grows.
///
/// Marks are left out and words stay: links are their labels, bare addresses their hosts. A block
/// of code is named, not read. Tables, rules, HTML and citation marks are passed over.
package struct SpokenMarkdown: Sendable {
    /// The rest of the block that is to be spoken next.
    package struct Passage: Sendable {
        /// Its words; never blank.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
        /// Whether nothing will be added to it.
        package var isComplete: Bool
        /// Whether it is complete and the next one is no part of the same paragraph.
        package fileprivate(set) var endsParagraph = false
        /// Its words in UTF-8.
        package fileprivate(set) var bytes: [UInt8] = []
        /// Where the words are in the source; each reaches to the start of the next.
        fileprivate var places: [Place] = []

        fileprivate struct Place: Sendable {
            var offset: Int
            var source: Int
            var isVerbatim: Bool
        }
    }

    private var document = MarkdownDocument()
    /// The source before this offset was spoken.
    private var spoken = 0
    /// The blocks before this one were spoken.
    private var first = 0

    /// An empty text.
    package init() {}

    /// Whether `finish` was called.
    package var isFinished: Bool { document.isFinished }

    /// Appends source text in UTF-8.
    package mutating func append(_ utf8: some Sequence<UInt8>) { document.append(utf8) }

    /// The text is complete.
    package mutating func finish() { document.finish() }

    /// What is to be spoken next, as far as it is there; nil when there is nothing yet.
    package mutating func passage() -> Passage? {
        while first < document.closedCount {
            if var passage = passage(document.blocks[first], isComplete: true) {
                let next = document.blocks.dropFirst(first + 1).first
                passage.endsParagraph = next?.continues != true
                return passage
            }
            first += 1
        }
        guard !document.isFinished else { return nil }
        // The fence of open code is a whole line; what is written behind one that is not, may grow.
        let open = document.isOpen ? document.blocks.last : nil
        if let open, open.isCode {
            return open.start.map { $0 >= spoken } == true
                ? passage(open, isComplete: true) : nil
        }
        for block in document.tail.blocks where !block.isCode {
            if let passage = passage(block, isComplete: false) { return passage }
        }
        return nil
    }

    /// Says that the first `count` bytes of a passage, the last that was asked for, were spoken.
    package mutating func take(_ count: Int, of passage: Passage) {
        guard let place = passage.places.last(where: { $0.offset < max(1, count) }) else { return }
        let advance = place.isVerbatim ? max(1, count - place.offset) : 1
        spoken = max(spoken, place.source + advance)
        if let next = passage.places.first(where: { $0.offset == count }) {
            spoken = max(spoken, next.source)
        } else if passage.isComplete, count >= passage.bytes.count, first < document.closedCount {
            first += 1
        }
    }

    private func passage(_ block: MarkdownBlock, isComplete: Bool) -> Passage? {
        var passage = Passage(isComplete: isComplete)
        switch block.kind {
        case .fence, .indentedCode:
            guard let start = block.start, start >= spoken, !block.continues else { return nil }
            passage.bytes = Array(name(ofCode: block).utf8)
            passage.places = [.init(offset: 0, source: start, isVerbatim: false)]
        case .paragraph, .heading:
            append(inlineText(of: block, isComplete: isComplete), to: &passage)
        case .html, .table, .rule, .empty: return nil
        }
        return passage.bytes.contains { $0 > 0x20 } ? passage : nil
    }

    /// What is said in place of code.
    private func name(ofCode block: MarkdownBlock) -> String {
        guard case .fence(let info) = block.kind else { return "Code block." }
        let word = document.source[info].prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        let language = String(decoding: word.prefix(20), as: UTF8.self)
        return language.isEmpty ? "Code block." : "Code block in \(language)."
    }

    private func inlineText(of block: MarkdownBlock, isComplete: Bool) -> InlineText {
        var block = block
        _ = BlockRenderer.takeTask(&block, document.source)
        // The sign that guards the start of what continues would hide where its text comes from.
        block.continues = false
        var text = BlockText(
            block, source: document.source,
            definitions: Array(document.definitions.prefix(block.definitions)))
        if !isComplete {
            let (keep, suffix) = UnfinishedMarks.completion(of: text.bytes, from: text.start)
            text.replaceEnd(keeping: keep, adding: suffix)
        }
        text.close(block)
        return InlineParser.parse(text, role: .body, policy: .unicode).text
    }

    /// Adds what is to be read of a text and was not spoken yet.
    private func append(_ text: InlineText, to passage: inout Passage) {
        for (index, run) in text.runs.enumerated() {
            let end = index + 1 < text.runs.count ? text.runs[index + 1].start : text.bytes.count
            guard run.start < end, run.role != .citation, run.role != .html else { continue }
            var bytes = text.bytes[run.start..<end]
            var source = run.source
            if let start = run.source, start < spoken {
                guard run.isVerbatim, spoken - start < bytes.count else { continue }
                bytes = bytes.dropFirst(spoken - start)
                source = spoken
            }
            var isVerbatim = run.isVerbatim
            if run.link >= 0, let host = Self.host(bytes, of: text.links[run.link]) {
                bytes = host[...]
                isVerbatim = false
            }
            if let source {
                passage.places.append(
                    .init(offset: passage.bytes.count, source: source, isVerbatim: isVerbatim))
            } else if passage.bytes.isEmpty {
                continue
            }
            passage.bytes += bytes.map { $0 == 0x0A ? 0x20 : $0 }
        }
    }

    /// The host of an address that stands in the text as it is; nil for a label.
    private static func host(_ label: ArraySlice<UInt8>, of target: String) -> [UInt8]? {
        guard label.elementsEqual(target.utf8) || target.utf8.dropFirst(7).elementsEqual(label),
            let start = target.firstRange(of: "://")?.upperBound
        else { return nil }
        let host = target[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" }
        return host.isEmpty ? nil : Array(host.utf8)
    }
}
