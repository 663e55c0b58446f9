/// The text of a paragraph, heading or cell: canonical, with roles and links, before it is wrapped.
struct InlineText: Sendable {
    /// Canonical UTF-8; a line feed is a hard line break.
    private(set) var bytes: [UInt8] = []
    /// Runs in order; each reaches to the start of the next.
    private(set) var runs: [Run] = []
    /// The targets that runs refer to.
    private(set) var links: [String] = []

    /// Text of one role that came from one place.
    struct Run: Sendable {
        var start: Int
        var role: TextRole
        /// An index into `links`, or -1.
        var link: Int
        /// Where its source is; nil for text that is not written in the source.
        var source: Int?
        /// Whether its bytes are the source's bytes.
        var isVerbatim: Bool
    }

    /// Remembers a target and returns its index.
    mutating func addLink(_ target: String) -> Int {
        links.append(target)
        return links.count - 1
    }

    /// Begins a run at the end of the text, unless it would only carry on the one before.
    mutating func begin(
        _ role: TextRole, link: Int = -1, source: Int? = nil, isVerbatim: Bool = true
    ) {
        if let last = runs.last, last.start == bytes.count { runs.removeLast() }
        runs.append(
            Run(start: bytes.count, role: role, link: link, source: source, isVerbatim: isVerbatim))
    }

    /// Changes the text at its end.
    mutating func append(_ body: (inout [UInt8]) -> Void) { body(&bytes) }

    /// Says that the last run's bytes are its source's bytes, if they are as many.
    mutating func markVerbatim(ifCount count: Int) {
        guard let last = runs.indices.last else { return }
        runs[last].isVerbatim = bytes.count - runs[last].start == count
    }

    /// Takes back everything after the first `count` bytes.
    mutating func truncate(to count: Int) { bytes.removeSubrange(count...) }

    /// The pieces of a row.
    func spans(_ range: Range<Int>) -> [Span] {
        var spans: [Span] = []
        var index = runIndex(at: range.lowerBound)
        while index < runs.count, runs[index].start < range.upperBound {
            let run = runs[index]
            let end = index + 1 < runs.count ? runs[index + 1].start : bytes.count
            let piece = max(range.lowerBound, run.start)..<min(range.upperBound, end)
            index += 1
            if piece.isEmpty { continue }
            let text = String(decoding: bytes[piece], as: UTF8.self)
            let link = run.link < 0 ? nil : links[run.link]
            if let last = spans.last, last.role == run.role, last.link == link {
                spans[spans.count - 1].text += text
            } else {
                spans.append(Span(text, run.role, link: link))
            }
        }
        return spans
    }

    /// Where the source of a byte of the text is; the nearest known place before it.
    func source(at offset: Int) -> Int? {
        var index = runIndex(at: offset)
        while index >= 0, index < runs.count {
            if let source = runs[index].source {
                return runs[index].isVerbatim ? source + offset - runs[index].start : source
            }
            index -= 1
        }
        return nil
    }

    private func runIndex(at offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
