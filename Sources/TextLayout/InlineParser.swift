import CMarkdown

/// What md4c makes of a block's text: one text, or the cells of a table.
///
/// A class because md4c calls back with a pointer to it; it lives for one call of `parse`.
final class InlineParser {
    private(set) var text = InlineText()
    /// Rows of cells; the first is the head.
    private(set) var rows: [[InlineText]] = []
    /// How each column is aligned.
    private(set) var alignments: [Alignment] = []
    /// Where the first text is, counted from the start of the block's own text; nil without any.
    private(set) var firstText: Int?

    enum Alignment { case left, center, right }

    private let input: BlockText
    private let baseRole: TextRole
    private var canonicaliser: Canonicaliser
    private var inputStart: UnsafePointer<MD_CHAR>?
    private var emphasis = 0
    private var strong = 0
    private var strike = 0
    private var code = 0
    private var images = 0
    private var openLinks: [Int] = []

    private init(_ input: BlockText, _ role: TextRole, _ policy: WidthPolicy) {
        self.input = input
        baseRole = role
        canonicaliser = Canonicaliser(.prose, policy: policy)
    }

    /// Parses a block's text. `role` is what text without marks is.
    static func parse(
        _ input: BlockText, role: TextRole, policy: WidthPolicy, isTable: Bool = false
    ) -> InlineParser {
        let result = InlineParser(input, role, policy)
        var parser = MD_PARSER()
        parser.flags = UInt32(
            MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_NOHTMLBLOCKS
                | MD_FLAG_PERMISSIVEEMAILAUTOLINKS | MD_FLAG_PERMISSIVEWWWAUTOLINKS)
        // What is a block was decided before: md4c would take an indented line for one as well.
        if isTable { parser.flags |= UInt32(MD_FLAG_TABLES) }
        parser.enter_block = { InlineParser.of($2)?.enter(block: $0, $1) ?? 0 }
        parser.leave_block = { InlineParser.of($2)?.leave(block: $0) ?? 0 }
        parser.enter_span = { InlineParser.of($2)?.enter(span: $0, $1) ?? 0 }
        parser.leave_span = { InlineParser.of($2)?.leave(span: $0) ?? 0 }
        parser.text = { InlineParser.of($3)?.take($0, $1, Int($2)) ?? 0 }
        input.bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: MD_CHAR.self) { characters in
                result.inputStart = characters.baseAddress
                _ = md_parse(
                    characters.baseAddress, MD_SIZE(characters.count), &parser,
                    Unmanaged.passUnretained(result).toOpaque())
            }
        }
        result.endText()
        return result
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> InlineParser? {
        pointer.map { Unmanaged<InlineParser>.fromOpaque($0).takeUnretainedValue() }
    }

    private func enter(block: MD_BLOCKTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        switch block {
        case MD_BLOCK_TR: rows.append([])
        case MD_BLOCK_TH, MD_BLOCK_TD:
            if rows.count == 1 {
                let align = detail?.load(as: MD_BLOCK_TD_DETAIL.self).align
                alignments.append(
                    align == MD_ALIGN_RIGHT ? .right : align == MD_ALIGN_CENTER ? .center : .left)
            }
            beginText()
        default: break
        }
        return 0
    }

    private func leave(block: MD_BLOCKTYPE) -> Int32 {
        guard block == MD_BLOCK_TH || block == MD_BLOCK_TD, !rows.isEmpty else { return 0 }
        endText()
        rows[rows.count - 1].append(text)
        beginText()
        return 0
    }

    private func enter(span: MD_SPANTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
        switch span {
        case MD_SPAN_EM: emphasis += 1
        case MD_SPAN_STRONG: strong += 1
        case MD_SPAN_DEL: strike += 1
        case MD_SPAN_CODE: code += 1
        case MD_SPAN_A: openLink(detail?.load(as: MD_SPAN_A_DETAIL.self).href)
        case MD_SPAN_IMG:
            images += 1
            openLink(detail?.load(as: MD_SPAN_IMG_DETAIL.self).src)
        default: break
        }
        return 0
    }

    private func leave(span: MD_SPANTYPE) -> Int32 {
        switch span {
        case MD_SPAN_EM: emphasis -= 1
        case MD_SPAN_STRONG: strong -= 1
        case MD_SPAN_DEL: strike -= 1
        case MD_SPAN_CODE: code -= 1
        case MD_SPAN_A: _ = openLinks.popLast()
        case MD_SPAN_IMG:
            images -= 1
            _ = openLinks.popLast()
        default: break
        }
        return 0
    }

    private func take(_ kind: MD_TEXTTYPE, _ start: UnsafePointer<MD_CHAR>?, _ count: Int) -> Int32
    {
        guard let start else { return 0 }
        let offset = inputStart.map { start - $0 } ?? -1
        let source = offset >= 0 && offset < input.bytes.count ? input.source(at: offset) : nil
        if firstText == nil, offset >= input.start, offset <= input.bytes.count {
            firstText = offset - input.start
        }
        start.withMemoryRebound(to: UInt8.self, capacity: count) { pointer in
            let piece = UnsafeBufferPointer(start: pointer, count: count)
            switch kind {
            case MD_TEXT_BR: lineBreak()
            case MD_TEXT_SOFTBR: add([0x20], role, source: nil)
            case MD_TEXT_NULLCHAR: add("\u{FFFD}".utf8, role, source: source, isVerbatim: false)
            case MD_TEXT_ENTITY:
                if let decoded = Entity.text(piece) {
                    add(decoded.utf8, role, source: source, isVerbatim: false)
                } else {
                    add(piece, role, source: source)
                }
            case MD_TEXT_HTML where Self.isLineBreak(piece): lineBreak()
            case MD_TEXT_HTML: add(piece, .html, source: source)
            case MD_TEXT_CODE: add(piece, role, source: source)
            default: addProse(piece, source: source)
            }
        }
        return 0
    }
}

extension InlineParser {
    /// The role of text by the marks around it.
    private var role: TextRole {
        if code > 0 { return .code }
        if images > 0 { return .image }
        if !openLinks.isEmpty { return .link }
        switch baseRole {
        case .heading1, .heading2, .heading3, .tableHead: return baseRole
        default: break
        }
        if !rows.isEmpty, rows.count == 1 { return .tableHead }
        if strike > 0 { return .strike }
        if strong > 0 { return emphasis > 0 ? .strongEmphasis : .strong }
        return emphasis > 0 ? .emphasis : baseRole
    }

    private func beginText() {
        text = InlineText()
        canonicaliser = Canonicaliser(.prose, policy: canonicaliser.policy)
    }

    private func endText() {
        text.append { canonicaliser.finish(to: &$0) }
    }

    private func lineBreak() {
        text.begin(role)
        text.append { canonicaliser.append([0x0A], to: &$0) }
    }

    /// `<br>`, which models write in cells.
    private static func isLineBreak(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        guard piece.count >= 4, piece.count <= 6 else { return false }
        let name = piece.dropFirst().prefix(2).map { $0 | 0x20 }
        return name == [0x62, 0x72]
            && piece.dropFirst(3).allSatisfy { [0x20, 0x2F, 0x3E].contains($0) }
    }

    private func openLink(_ attribute: MD_ATTRIBUTE?) {
        guard let attribute, let characters = attribute.text else { return openLinks.append(-1) }
        var url: [UInt8] = []
        var index = 0
        let size = Int(attribute.size)
        characters.withMemoryRebound(to: UInt8.self, capacity: size) { bytes in
            while Int(attribute.substr_offsets[index]) < size {
                let from = Int(attribute.substr_offsets[index])
                let to = min(size, Int(attribute.substr_offsets[index + 1]))
                let piece = UnsafeBufferPointer(start: bytes + from, count: to - from)
                let isEntity = attribute.substr_types[index] == MD_TEXT_ENTITY
                url += isEntity ? Array((Entity.text(piece) ?? "").utf8) : Array(piece)
                index += 1
            }
        }
        openLinks.append(LinkTarget.target(url).map { text.addLink($0) } ?? -1)
    }

    /// Prose may hold citation marks: 【1】.
    private func addProse(_ piece: UnsafeBufferPointer<UInt8>, source: Int?) {
        var start = 0
        while let mark = Self.citation(in: piece, from: start) {
            add(piece[start..<mark.lowerBound], role, source: source.map { $0 + start })
            add(piece[mark], .citation, source: source.map { $0 + mark.lowerBound })
            start = mark.upperBound
        }
        add(piece[start...], role, source: source.map { $0 + start })
    }

    /// The next citation mark: at most 64 bytes between 【 and 】.
    private static func citation(
        in piece: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Range<Int>? {
        var index = start
        while index + 5 < piece.count {
            if piece[index] == 0xE3, piece[index + 1] == 0x80, piece[index + 2] == 0x90 {
                var end = index + 3
                while end + 2 < piece.count, end < index + 64 {
                    if piece[end] == 0xE3, piece[end + 1] == 0x80, piece[end + 2] == 0x91 {
                        return index..<end + 3
                    }
                    end += 1
                }
            }
            index += 1
        }
        return nil
    }

    /// Adds a piece. Where canonical text and source differ in length, each word is a run, so that
    /// the start of a row is always an exact place in the source.
    private func add(
        _ piece: some Collection<UInt8>, _ role: TextRole, source: Int?, isVerbatim: Bool = true
    ) {
        if piece.isEmpty { return }
        canonicaliser.mode = role == .code ? .code : .prose
        let link = openLinks.last ?? -1
        let before = text.bytes.count
        let state = canonicaliser
        text.begin(role, link: link, source: source, isVerbatim: isVerbatim)
        text.append { canonicaliser.append(piece, to: &$0) }
        if !isVerbatim || source == nil || text.bytes.count - before == piece.count { return }
        text.truncate(to: before)
        canonicaliser = state
        var offset = 0
        for word in piece.split(separator: 0x20, omittingEmptySubsequences: false) {
            text.begin(role, link: link, source: source.map { $0 + offset }, isVerbatim: false)
            text.append { canonicaliser.append(word, to: &$0) }
            offset += word.count
            if offset < piece.count {
                text.append { canonicaliser.append([0x20], to: &$0) }
                offset += 1
            }
        }
    }
}
