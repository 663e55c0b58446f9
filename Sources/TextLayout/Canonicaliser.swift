/// What a text is, which decides how its invisible characters are shown.
package enum TextMode: Sendable {
    /// Sentences: real right-to-left letters stay, invisible controls go.
    case prose
    /// Code, arguments, outputs: what is invisible is shown as `<U+202E>`. Lines stay lines.
    case code
    /// Names, titles, URLs, anything of one row: as `code`, and line ends become pictures.
    case name
}

/// Turns source text into what cells may hold, a piece at a time, the same however it is cut.
///
/// Controls become visible pictures, joined emoji fall apart into emoji whose widths everybody
/// agrees on, a base carries at most four marks, and what the terminal does not know is U+FFFD.
/// Copies and exports use the source text, never this.
package struct Canonicaliser: Sendable {
    /// How invisible characters are shown from here on.
    package var mode: TextMode
    /// Which scalars are known.
    package let policy: WidthPolicy
    /// Columns between tab stops.
    package let tabWidth: Int

    /// The most marks that one cell may carry (ncurses' `CCHARW_MAX` is 5 with the base).
    static let markLimit = 4

    var column = 0
    var base = Base.none
    var marks = 0
    private var decoder = ScalarDecoder()
    private var pendingRegional: UInt32 = 0

    /// What the scalar before was, as far as the next one needs to know.
    enum Base: Sendable { case none, other, keycap, emoji, blackFlag, hangul, joining }

    /// A canonicaliser at the start of a text.
    package init(_ mode: TextMode = .prose, policy: WidthPolicy = .unicode, tabWidth: Int = 4) {
        self.mode = mode
        self.policy = policy
        self.tabWidth = max(1, tabWidth)
    }

    /// Appends the canonical form of `utf8`. A character cut at its end waits for its rest.
    package mutating func append(_ utf8: some Sequence<UInt8>, to output: inout [UInt8]) {
        let done: Void? = utf8.withContiguousStorageIfAvailable { append(buffer: $0, to: &output) }
        if done == nil { Array(utf8).withUnsafeBufferPointer { append(buffer: $0, to: &output) } }
    }

    /// Appends what was still waiting. The text ends here.
    package mutating func finish(to output: inout [UInt8]) {
        if decoder.isInside {
            decoder = ScalarDecoder()
            accept(0xFFFD, to: &output)
        }
        flushRegional(to: &output)
    }

    private mutating func append(buffer: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < buffer.count {
            if !decoder.isInside, buffer[index] &- 0x20 < 0x5F {
                let start = index
                while index < buffer.count, buffer[index] &- 0x20 < 0x5F { index += 1 }
                acceptASCII(buffer[start..<index], to: &output)
                continue
            }
            switch decoder.next(buffer[index]) {
            case .needsMore: index += 1
            case .scalar(let scalar):
                index += 1
                accept(scalar, to: &output)
            case .invalid(let consumed):
                if consumed { index += 1 }
                accept(0xFFFD, to: &output)
            }
        }
    }

    private mutating func acceptASCII(
        _ run: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]
    ) {
        flushRegional(to: &output)
        output.append(contentsOf: run)
        column += run.count
        marks = 0
        switch run[run.endIndex - 1] {
        case 0x30...0x39, 0x23, 0x2A: base = .keycap
        default: base = .other
        }
    }

    private mutating func accept(_ scalar: UInt32, to output: inout [UInt8]) {
        if scalar &- 0x1F1E6 < 26 {
            if pendingRegional == 0 {
                pendingRegional = scalar
            } else {
                emit(pendingRegional, width: 1, as: .other, to: &output)
                pendingRegional = 0
                emit(scalar, width: 1, as: .other, to: &output)
            }
            return
        }
        flushRegional(to: &output)
        if scalar < 0xA0 { return acceptControl(scalar, to: &output) }
        let entry = policy.table[scalar]
        if entry.isUnknown { return emit(0xFFFD, width: 1, as: .other, to: &output) }
        if entry.kind == .ignorable { return acceptIgnorable(scalar, entry, to: &output) }
        if entry.isMark { return acceptMark(scalar, entry, to: &output) }
        if scalar &- 0x1F3FB < 5, base == .emoji { return }
        emit(scalar, width: entry.width, as: Self.base(scalar, entry), to: &output)
    }

    /// A flag half alone is its letter.
    private mutating func flushRegional(to output: inout [UInt8]) {
        if pendingRegional == 0 { return }
        let letter = pendingRegional - 0x1F1E6 + 0x41
        pendingRegional = 0
        emit(letter, width: 1, as: .other, to: &output)
    }

    private static func base(_ scalar: UInt32, _ entry: ScalarEntry) -> Base {
        if scalar == 0x1F3F4 { return .blackFlag }
        switch entry.kind {
        case .emoji: return .emoji
        case .leadingJamo: return .hangul
        default: break
        }
        // A dotted circle carries what had no base of its own.
        if scalar &- 0xAC00 < 11172 || scalar == 0x25CC { return .hangul }
        return scalar &- 0x590 < 0xC70 ? .joining : .other
    }

    mutating func emit(_ scalar: UInt32, width: Int, as kind: Base, to output: inout [UInt8]) {
        appendUTF8(scalar, to: &output)
        column += width
        base = kind
        marks = 0
    }
}
