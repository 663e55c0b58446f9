/// What text that still grows lacks to look as it will: marks that are open are closed for display,
/// and a mark at the very end, which may still become another, is kept back.
enum UnfinishedMarks {
    /// How much of `bytes[start...]` to show, counted from 0, and what to add to it.
    static func completion(of bytes: [UInt8], from start: Int) -> (keep: Int, suffix: [UInt8]) {
        var keep = bytes.count
        while keep > start, isMark(bytes[keep - 1]) { keep -= 1 }
        var scanner = MarkScanner(bytes: bytes, end: keep)
        scanner.scan(from: start)
        var suffix: [UInt8] = []
        if let code = scanner.openCode {
            // A closing mark needs content before it.
            suffix += Array(repeating: 0x60, count: code)
        } else if let bracket = scanner.openTarget {
            keep = bracket
            suffix += [0x5D, 0x28, 0x29]
        }
        for opener in scanner.openers.reversed() where opener.offset < keep {
            suffix += Array(repeating: opener.mark, count: opener.count)
        }
        if scanner.openCode == nil, !suffix.isEmpty {
            while keep > start, bytes[keep - 1] == 0x20 || bytes[keep - 1] == 0x0A { keep -= 1 }
        }
        return (keep, suffix)
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == 0x2A || byte == 0x5F || byte == 0x7E || byte == 0x60 || byte == 0x5C
    }
}

/// Finds the inline marks that are still open at the end of a text.
private struct MarkScanner {
    let bytes: [UInt8]
    let end: Int
    /// Emphasis that nothing has closed, outermost first.
    private(set) var openers: [Opener] = []
    /// The length of the run of backticks that nothing has closed.
    private(set) var openCode: Int?
    /// Where the `]` is before a target that has no end yet.
    private(set) var openTarget: Int?

    struct Opener {
        var mark: UInt8
        var count: Int
        var offset: Int
    }

    init(bytes: [UInt8], end: Int) {
        self.bytes = bytes
        self.end = end
    }

    mutating func scan(from start: Int) {
        var index = start
        var brackets = 0
        while index < end {
            switch bytes[index] {
            case 0x5C: index += 2
            case 0x60: index = skipCode(index)
            case 0x2A, 0x5F, 0x7E: index = takeRun(index, start)
            case 0x5B:
                brackets += 1
                index += 1
            case 0x5D:
                if brackets > 0, index + 1 < end, bytes[index + 1] == 0x28 {
                    guard let close = targetEnd(index + 2) else {
                        openTarget = index
                        return
                    }
                    index = close
                }
                brackets = max(0, brackets - 1)
                index += 1
            default: index += 1
            }
        }
    }

    private func run(_ index: Int) -> Int {
        var stop = index
        while stop < end, bytes[stop] == bytes[index] { stop += 1 }
        return stop - index
    }

    private mutating func skipCode(_ index: Int) -> Int {
        let length = run(index)
        var next = index + length
        while next < end {
            if bytes[next] == 0x60 {
                let other = run(next)
                next += other
                if other == length { return next }
            } else {
                next += 1
            }
        }
        if index + length < end { openCode = length }
        return end
    }

    /// The `)` that ends a target, or nil.
    private func targetEnd(_ start: Int) -> Int? {
        var depth = 0
        for index in start..<max(start, end) {
            switch bytes[index] {
            case 0x28: depth += 1
            case 0x29:
                if depth == 0 { return index }
                depth -= 1
            case 0x0A: return index
            default: break
            }
        }
        return nil
    }

    private mutating func takeRun(_ index: Int, _ start: Int) -> Int {
        let mark = bytes[index]
        var count = run(index)
        let after = index + count
        let before = index > start ? bytes[index - 1] : 0x20
        let next = after < end ? bytes[after] : 0x20
        if mark == 0x7E, count > 2 { return after }
        let opens =
            !isBlank(next) && (!isPunctuation(next) || isBlank(before) || isPunctuation(before))
        let closes =
            !isBlank(before) && (!isPunctuation(before) || isBlank(next) || isPunctuation(next))
        let isWordInside = mark == 0x5F && opens && closes
        if closes, !isWordInside || isPunctuation(next) { count = closeOpeners(mark, count) }
        if count > 0, opens, !isWordInside || isPunctuation(before) {
            openers.append(Opener(mark: mark, count: count, offset: index))
        }
        return after
    }

    /// Closes what a run closes and returns how many marks are left.
    private mutating func closeOpeners(_ mark: UInt8, _ count: Int) -> Int {
        var left = count
        while left > 0, let index = openers.lastIndex(where: { $0.mark == mark }) {
            let used = mark == 0x7E ? left : (left >= 2 && openers[index].count >= 2 ? 2 : 1)
            if mark == 0x7E, openers[index].count != left { return left }
            openers.removeSubrange((index + 1)...)
            openers[index].count -= used
            left -= used
            if openers[index].count <= 0 { openers.removeLast() }
        }
        return left
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }

    private func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
