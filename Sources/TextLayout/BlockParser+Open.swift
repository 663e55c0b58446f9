extension BlockParser {
    /// Opens what the rest of the line begins, or adds it to the open paragraph or table.
    mutating func open(_ cursor: inout LineCursor, depth: Int, _ actions: inout [BlockAction]) {
        var depth = depth
        var hasOpened = false
        while !cursor.isBlank {
            let (indent, offset) = cursor.indent
            let interrupts = !hasOpened && depth == containers.count && isInParagraph
            if indent >= 4 {
                if isInParagraph, !hasOpened { break }
                close(to: depth, &actions)
                cursor.skip(columns: 4)
                openBlock(.indentedCode, cursor.rest, &actions)
                return setLeaf(.indentedCode(blanks: []))
            }
            let isDeep = depth >= Self.depthLimit
            if cursor.bytes[offset] == 0x3E, !isDeep {
                close(to: depth, &actions)
                cursor.skipIndent()
                cursor.skip(columns: 1)
                if cursor.byte == 0x20 || cursor.byte == 0x09 { cursor.skip(columns: 1) }
                push(.quote, start: offset, width: 0)
            } else if openLeaf(cursor, depth, interrupts, hasOpened, &actions) {
                return
            } else if !isDeep, let item = ListMarker(&cursor, interrupting: interrupts) {
                let before = hasOpened || depth >= containers.count ? nil : containers[depth]
                close(to: depth, &actions)
                push(item.kind(after: before), start: offset, width: item.width)
            } else {
                break
            }
            hasOpened = true
            depth += 1
        }
        addText(&cursor, depth, hasOpened, &actions)
    }

    private var isInParagraph: Bool {
        if case .paragraph = leaf { return true }
        return false
    }

    /// Opens a block that is no container; false when the line begins none.
    private mutating func openLeaf(
        _ cursor: LineCursor, _ depth: Int, _ interrupts: Bool, _ hasOpened: Bool,
        _ actions: inout [BlockAction]
    ) -> Bool {
        var cursor = cursor
        let indent = cursor.indent.columns
        let whole = cursor.rest
        cursor.skipIndent()
        let isLazy = isInParagraph && !hasOpened
        switch cursor.byte {
        case 0x23: return openHeading(cursor, depth, &actions)
        case 0x60, 0x7E: return openFence(cursor, indent, depth, &actions)
        case 0x3C:
            guard let kind = HTMLBlock.start(cursor), kind < 7 || !isLazy else { return false }
            close(to: depth, &actions)
            openBlock(.html, whole, &actions)
            setLeaf(.html(kind: kind))
            if HTMLBlock.ends(kind, cursor) { closeLeaf(&actions) }
            return true
        case 0x3D, 0x2D, 0x2A, 0x5F, 0x3A, 0x7C:
            if interrupts, beginTable(cursor, &actions) || endHeading(cursor, &actions) {
                return true
            }
            guard Self.isRule(cursor) else { return false }
            close(to: depth, &actions)
            openBlock(.rule, cursor.rest, &actions)
            actions.append(.close)
            return true
        default: return false
        }
    }

    private mutating func openHeading(
        _ cursor: LineCursor, _ depth: Int, _ actions: inout [BlockAction]
    ) -> Bool {
        var cursor = cursor
        let level = cursor.run(of: 0x23)
        cursor.skip(columns: level)
        guard level <= 6, cursor.isAtBlankOrEnd else { return false }
        close(to: depth, &actions)
        cursor.skipIndent()
        openBlock(
            .heading(level: level, isUnderlined: false), Self.withoutClosingMarks(cursor), &actions)
        actions.append(.close)
        return true
    }

    /// The text of a heading without the `#` that may close it.
    private static func withoutClosingMarks(_ cursor: LineCursor) -> BlockLine {
        let bytes = cursor.bytes
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var end = cursor.end
        while end > cursor.offset, isBlank(bytes[end - 1]) { end -= 1 }
        var marks = end
        while marks > cursor.offset, bytes[marks - 1] == 0x23 { marks -= 1 }
        if marks < end, marks == cursor.offset || isBlank(bytes[marks - 1]) {
            end = marks
            while end > cursor.offset, isBlank(bytes[end - 1]) { end -= 1 }
        }
        return BlockLine(start: cursor.offset, end: end)
    }

    private mutating func openFence(
        _ cursor: LineCursor, _ indent: Int, _ depth: Int, _ actions: inout [BlockAction]
    ) -> Bool {
        var cursor = cursor
        let mark = cursor.byte
        let length = cursor.run(of: mark)
        if length < 3 { return false }
        cursor.skip(columns: length)
        cursor.skipIndent()
        let info = cursor.offset..<cursor.end
        if mark == 0x60, info.contains(where: { cursor.bytes[$0] == 0x60 }) { return false }
        close(to: depth, &actions)
        openBlock(.fence(info: info), nil, &actions)
        setLeaf(.fence(mark: mark, length: length, indent: indent))
        return true
    }

    /// A line of `=` or `-` under a paragraph.
    private mutating func endHeading(
        _ cursor: LineCursor, _ actions: inout [BlockAction]
    ) -> Bool {
        var cursor = cursor
        let line = cursor.rest
        let mark = cursor.byte
        guard mark == 0x3D || mark == 0x2D else { return false }
        cursor.skip(columns: cursor.run(of: mark))
        guard cursor.isBlank else { return false }
        actions.append(.becomeHeading(level: mark == 0x3D ? 1 : 2, underline: line))
        closeLeaf(&actions)
        return true
    }

    /// A delimiter row under a line with a `|`.
    private mutating func beginTable(
        _ cursor: LineCursor, _ actions: inout [BlockAction]
    ) -> Bool {
        guard case .paragraph(let last) = leaf, TableRow.isDelimiter(cursor) else { return false }
        let head = UnsafeBufferPointer(rebasing: cursor.bytes[last.start..<last.end])
        guard head.contains(0x7C) else { return false }
        actions.append(.beginTable(cursor.rest))
        setLeaf(.table)
        leafBytes = cursor.end - cursor.offset + head.count
        return true
    }

    static func isRule(_ cursor: LineCursor) -> Bool {
        let mark = cursor.byte
        guard mark == 0x2A || mark == 0x2D || mark == 0x5F else { return false }
        var count = 0
        for index in cursor.offset..<cursor.end {
            if cursor.bytes[index] == mark {
                count += 1
            } else if cursor.bytes[index] != 0x20, cursor.bytes[index] != 0x09 {
                return false
            }
        }
        return count >= 3
    }

    /// Whether the line begins as `[^1]:`, which stands on a row of its own.
    private static func isFootnote(_ cursor: LineCursor) -> Bool {
        let start = cursor.indent.offset
        guard start + 4 < cursor.end, cursor.bytes[start] == 0x5B, cursor.bytes[start + 1] == 0x5E
        else { return false }
        let label = cursor.bytes[start..<min(cursor.end, start + 64)]
        guard let end = label.firstIndex(of: 0x5D), end + 1 < cursor.end else { return false }
        return cursor.bytes[end + 1] == 0x3A
    }

    /// What is left of a line is text, or blank.
    private mutating func addText(
        _ cursor: inout LineCursor, _ depth: Int, _ hasOpened: Bool,
        _ actions: inout [BlockAction]
    ) {
        let isBlank = cursor.isBlank
        if !hasOpened, !isBlank, isInParagraph, !Self.isFootnote(cursor) {
            // Also the lazy line of a paragraph whose quotes or items it does not repeat.
            return extendParagraph(cursor.rest, &actions)
        }
        if case .table = leaf, !hasOpened, !isBlank, depth == containers.count {
            return extendTable(cursor.rest, &actions)
        }
        if depth < containers.count { close(to: depth, &actions) }
        if isBlank {
            if !hasOpened { closeLeaf(&actions) }
            blankSeen = blankSeen || !hasOpened
        } else {
            closeLeaf(&actions)
            cursor.skipIndent()
            openParagraph(cursor.rest, &actions)
        }
    }
}
