extension Canonicaliser {
    /// C0, DEL and C1.
    mutating func acceptControl(_ scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case 0x0A where mode != .name:
            output.append(0x0A)
            column = 0
            base = .none
            marks = 0
        case 0x0D where mode != .name: break
        case 0x09 where mode != .name:
            for _ in 0..<(tabWidth - column % tabWidth) {
                emit(0x20, width: 1, as: .other, to: &output)
            }
        case 0..<0x20: emit(0x2400 + scalar, width: 1, as: .other, to: &output)
        case 0x7F: emit(0x2421, width: 1, as: .other, to: &output)
        case 0x80..<0xA0 where mode == .prose: emit(0xFFFD, width: 1, as: .other, to: &output)
        case 0x80..<0xA0: spell(scalar, to: &output)
        default: emit(scalar, width: 1, as: .other, to: &output)
        }
    }

    /// Joiners, selectors, bidi controls, tags, fillers: nothing of their own to show.
    mutating func acceptIgnorable(
        _ scalar: UInt32, _ entry: ScalarEntry, to output: inout [UInt8]
    ) {
        if isPartOfEmoji(scalar) { return }
        if scalar == 0x2028 || scalar == 0x2029, mode != .name {
            return acceptControl(0x0A, to: &output)
        }
        if mode != .prose { return spell(scalar, to: &output) }
        if scalar == 0x200C, base == .joining { return acceptMark(scalar, entry, to: &output) }
        // A filler takes its cells; a soft hyphen does not.
        if entry.width > 0, scalar != 0xAD {
            emit(scalar, width: entry.width, as: .hangul, to: &output)
        }
    }

    /// Whether the scalar belongs to the emoji before it and may go without a trace.
    private func isPartOfEmoji(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xFE0E, 0xFE0F: base == .emoji || base == .keycap || base == .blackFlag
        case 0x200D: base == .emoji || base == .blackFlag
        case 0xE0020...0xE007F: base == .blackFlag
        default: false
        }
    }

    /// A scalar without a width of its own: onto the base, or onto a dotted circle.
    mutating func acceptMark(_ scalar: UInt32, _ entry: ScalarEntry, to output: inout [UInt8]) {
        if scalar == 0x20E3, base == .keycap { return }
        let isJamo = entry.kind == .vowelJamo || entry.kind == .trailingJamo
        if base == .none || isJamo && base != .hangul {
            emit(0x25CC, width: 1, as: isJamo ? .hangul : .other, to: &output)
        }
        if marks >= Self.markLimit { return }
        marks += 1
        appendUTF8(scalar, to: &output)
    }

    /// `<U+202E>`: what is invisible made visible.
    private mutating func spell(_ scalar: UInt32, to output: inout [UInt8]) {
        let digits = String(scalar, radix: 16, uppercase: true)
        let text =
            "<U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ">"
        for byte in text.utf8 { emit(UInt32(byte), width: 1, as: .other, to: &output) }
    }
}

extension StringProtocol {
    /// What cells may hold of this text when it is prose.
    package var canonicalised: String { canonicalised(as: .prose) }

    /// What cells may hold of this text.
    package func canonicalised(as mode: TextMode, policy: WidthPolicy = .unicode) -> String {
        if utf8.allSatisfy({ $0 &- 0x20 < 0x5F }) { return String(self) }
        var canonicaliser = Canonicaliser(mode, policy: policy)
        var output: [UInt8] = []
        canonicaliser.append(utf8, to: &output)
        canonicaliser.finish(to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
