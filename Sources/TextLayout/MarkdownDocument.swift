/// The source of a message and its blocks while it grows. Any cut gives the same blocks, and a
/// block that is closed never changes.
struct MarkdownDocument: Sendable {
    /// The source so far.
    private(set) var source: [UInt8] = []
    /// The blocks of all complete lines.
    private(set) var blocks: [MarkdownBlock] = []
    /// Whether the last block may still get lines.
    private(set) var isOpen = false
    /// Whether no more source comes.
    private(set) var isFinished = false
    /// Link definitions, each with its line end.
    private(set) var definitions: [UInt8] = []
    /// Bytes handed to md4c to find definitions.
    private(set) var parsedBytes = 0

    private var parser = BlockParser()
    /// Where the part of the last line begins that no block has yet.
    private var pendingStart = 0
    private var isInsideLine = false
    private var searched = 0

    /// A line longer than this is taken in pieces, which bounds what one more character can cost.
    static let lineLimit = 8192

    /// An incomplete line longer than this is shown, whatever it may become.
    static let heldLimit = 1024

    /// Link definitions beyond this many bytes are not looked up.
    static let definitionLimit = 16384

    /// Blocks that never change again.
    var closedCount: Int { isOpen ? blocks.count - 1 : blocks.count }

    /// Appends source text.
    mutating func append(_ utf8: some Sequence<UInt8>) {
        if isFinished { return }
        source.append(contentsOf: utf8)
        takeLines()
    }

    /// The source ends here.
    mutating func finish() {
        if isFinished { return }
        if pendingStart < source.count { take(pendingStart..<source.count) }
        pendingStart = source.count
        isFinished = true
        var actions: [BlockAction] = []
        parser.finish(into: &actions)
        apply(actions)
    }

    private mutating func takeLines() {
        while true {
            let limit = min(source.count, pendingStart + Self.lineLimit)
            searched = max(searched, pendingStart)
            if let end = source[searched..<max(searched, limit)].firstIndex(of: 0x0A) {
                take(pendingStart..<end)
                pendingStart = end + 1
                isInsideLine = false
            } else {
                searched = max(searched, limit)
                if let cut = longLineCut() {
                    take(pendingStart..<cut)
                    pendingStart = cut
                    isInsideLine = true
                } else if searched < source.count {
                    // The line ends between the limit and twice the limit.
                    take(pendingStart..<searched)
                    pendingStart = searched + 1
                    isInsideLine = false
                } else {
                    return
                }
            }
        }
    }

    /// Where a line that is too long is cut: after the first blank beyond the limit, or hard at
    /// twice the limit. Nil while that is not decided, and with `searched` at the line's end.
    private mutating func longLineCut() -> Int? {
        let limit = pendingStart + Self.lineLimit
        let hard = limit + Self.lineLimit
        while searched < min(source.count, hard) {
            if source[searched] == 0x0A { return nil }
            if source[searched] == 0x20, searched >= limit { return searched + 1 }
            searched += 1
        }
        guard searched >= hard else { return nil }
        var cut = hard
        while cut > limit, source[cut - 1] & 0xC0 == 0x80 { cut -= 1 }
        if source[cut - 1] >= 0xC0 { cut -= 1 }
        return cut
    }

    private mutating func take(_ line: Range<Int>) {
        var actions: [BlockAction] = []
        var range = line
        if !range.isEmpty, source[range.upperBound - 1] == 0x0D {
            range = range.lowerBound..<range.upperBound - 1
        }
        if isInsideLine {
            parser.acceptMore(range, into: &actions)
        } else {
            source.withUnsafeBufferPointer { parser.accept(range, of: $0, into: &actions) }
        }
        apply(actions)
    }

    private mutating func apply(_ actions: [BlockAction]) {
        for action in actions {
            let wasOpen = isOpen
            Self.apply(action, to: &blocks, isOpen: &isOpen)
            if case .open = action { blocks[blocks.count - 1].definitions = definitions.count }
            if case .becomeHeading(_, let line) = action {
                collectDefinitions(underline: line)
            } else if wasOpen, !isOpen, blocks.last?.kind == .paragraph {
                collectDefinitions(underline: nil)
            }
        }
    }

    /// What one line does to a list of blocks.
    static func apply(_ action: BlockAction, to blocks: inout [MarkdownBlock], isOpen: inout Bool) {
        let last = blocks.count - 1
        switch action {
        case .open(let block):
            blocks.append(block)
            isOpen = true
        case .close: isOpen = false
        case .line(let line) where last >= 0: blocks[last].lines.append(line)
        case .becomeHeading(let level, _) where last >= 0:
            blocks[last].kind = .heading(level: level, isUnderlined: true)
        case .beginTable(let delimiter) where last >= 0:
            guard let head = blocks[last].lines.popLast() else { return }
            if blocks[last].lines.isEmpty {
                blocks[last].kind = .table
                blocks[last].lines = [head, delimiter]
            } else {
                var table = MarkdownBlock(kind: .table, containers: blocks[last].containers)
                table.lines = [head, delimiter]
                table.definitions = blocks[last].definitions
                blocks.append(table)
            }
        case .continueTable(let line) where last >= 0:
            var table = blocks[last]
            table.lines = Array(table.lines.prefix(2)) + [line]
            table.continues = true
            table.blankBefore = false
            blocks.append(table)
        default: break
        }
    }

    /// Keeps the definitions that a closed block begins with, for the blocks after it. What is
    /// underlined but holds nothing else is no heading: the underline is its text, or a rule.
    private mutating func collectDefinitions(underline: BlockLine?) {
        guard let block = blocks.last, let first = block.lines.first, first.start < first.end,
            source[first.start] == 0x5B, definitions.count < Self.definitionLimit
        else { return }
        let text = BlockText(block, source: source, definitions: [])
        parsedBytes += text.bytes.count
        let parsed = InlineParser.parse(text, role: .body, policy: .unicode)
        var end = parsed.firstText ?? text.bytes.count
        while end > 0, end < text.bytes.count, text.bytes[end - 1] != 0x0A { end -= 1 }
        if end == 0 { return }
        if end == text.bytes.count, let underline {
            let isRule = source[underline.start..<underline.end].filter { $0 == 0x2D }.count > 2
            blocks[blocks.count - 1].kind = isRule ? .rule : .paragraph
            blocks[blocks.count - 1].lines = [underline]
        }
        definitions += text.bytes[..<end]
        if definitions.last != 0x0A { definitions.append(0x0A) }
    }
}

extension MarkdownDocument {
    /// What to show of the line that is not complete: without a character cut in two, and nothing
    /// while it may still become something else.
    private var pending: Range<Int> {
        var end = source.count
        var lead = end
        while lead > pendingStart, end - lead < 3, source[lead - 1] & 0xC0 == 0x80 { lead -= 1 }
        if lead > pendingStart, source[lead - 1] >= 0xC0 {
            let first = source[lead - 1]
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            if end - lead + 1 < length { end = lead - 1 }
        }
        if end > pendingStart, source[end - 1] == 0x0D { end -= 1 }
        let range = pendingStart..<max(pendingStart, end)
        return isHeldBack(range) ? pendingStart..<pendingStart : range
    }

    /// The blocks after the closed ones as they stand, with what the incomplete line adds. For open
    /// code that is only what follows the lines it has, as a block that continues it.
    var tail: (blocks: [MarkdownBlock], isOpen: Bool, reachesEnd: Bool) {
        var result: [MarkdownBlock] = []
        var stillOpen = isOpen
        if isOpen, var open = blocks.last {
            if open.isLinear, !open.lines.isEmpty {
                open.lines = []
                open.continues = true
            }
            result.append(open)
        }
        let line = pending
        if line.isEmpty {
            if let open = result.last, isHeldBack(open) { result = [] }
            return (result, stillOpen, stillOpen)
        }
        var trial = parser
        var actions: [BlockAction] = []
        if isInsideLine {
            trial.acceptMore(line, into: &actions)
        } else {
            source.withUnsafeBufferPointer { trial.accept(line, of: $0, into: &actions) }
        }
        for action in actions {
            Self.apply(action, to: &result, isOpen: &stillOpen)
            if case .open = action { result[result.count - 1].definitions = definitions.count }
        }
        return (result, stillOpen, true)
    }

    /// Whether the incomplete line is nothing but marks that may become a list item, a heading, a
    /// fence, a rule, an underline or the delimiter row of a table.
    private func isHeldBack(_ line: Range<Int>) -> Bool {
        if isFinished || isInsideLine || line.count > Self.heldLimit { return false }
        var start = line.lowerBound
        while start < line.upperBound, [0x20, 0x09, 0x3E].contains(source[start]) { start += 1 }
        let rest = source[start..<line.upperBound]
        switch parser.leaf {
        case .fence(let mark, _, _): return rest.allSatisfy { $0 == mark }
        case .html, .indentedCode: return false
        case .paragraph(let last):
            let isHead = source[last.start..<last.end].contains(0x7C)
            if isHead, rest.allSatisfy({ [0x7C, 0x3A, 0x2D, 0x20].contains($0) }) { return true }
        // Rows of a table come whole: each may move all columns.
        case .table, .none: if rest.first == 0x7C { return true }
        }
        let marks: [UInt8] = [0x2D, 0x2A, 0x2B, 0x5F, 0x3D, 0x23, 0x60, 0x7E, 0x20, 0x3E]
        if rest.allSatisfy(marks.contains) { return true }
        if Self.mayBecomeTask(rest) { return true }
        let digits = rest.prefix { $0 &- 0x30 < 10 }
        if digits.isEmpty || digits.count > 9 { return false }
        let after = rest.dropFirst(digits.count)
        return after.isEmpty
            || (after.first == 0x2E || after.first == 0x29)
                && after.dropFirst().allSatisfy { $0 == 0x20 }
    }

    /// Whether an item begins with what may become `[ ]` or `[x]`.
    private static func mayBecomeTask(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { [0x2D, 0x2A, 0x2B, 0x20].contains($0) }
        guard text.count < line.count, let mark = text.dropFirst().first else {
            return text.count < line.count && text.first == 0x5B
        }
        let tails: [[UInt8]] = [[], [0x5D], [0x5D, 0x20]]
        return text.first == 0x5B && (mark == 0x20 || mark | 0x20 == 0x78)
            && tails.contains(Array(text.dropFirst(2)))
    }

    /// Whether the open paragraph is one line that will probably be the head of a table.
    private func isHeldBack(_ block: MarkdownBlock) -> Bool {
        guard !isFinished, block.kind == .paragraph, block.lines.count == 1, !block.continues,
            let line = block.lines.first, line.end - line.start < Self.heldLimit
        else { return false }
        let text = source[line.start..<line.end]
        return text.first == 0x7C && text.dropFirst().contains(0x7C)
    }

    /// The start of the line of source that `offset` is in.
    func lineStart(of offset: Int) -> Int {
        var start = min(offset, source.count)
        while start > 0, source[start - 1] != 0x0A { start -= 1 }
        return start
    }

    /// Where the last line with text before `lineStart` ends, after its line end.
    func endOfText(before lineStart: Int) -> Int {
        var end = lineStart
        while end > 0 {
            let previous = self.lineStart(of: end - 1)
            let isBlank = source[previous..<end].allSatisfy {
                [0x20, 0x09, 0x0D, 0x0A].contains($0)
            }
            if !isBlank { return end }
            end = previous
        }
        return 0
    }
}
