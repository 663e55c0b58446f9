/// Turns what ncurses wrote for a frame into what the terminal gets: lent palette indexes become
/// their colours and links, blinking becomes striking through, and all but a small frame is one
/// synchronized update.
struct FrameEncoder {
    /// Whether frames are bracketed by synchronized output (DECSET 2026).
    var isSynchronized = true
    /// The most bytes of a frame that goes without brackets: it is one write, and so one read of
    /// the terminal, and the brackets would be a third of it.
    static let smallFrame = 128
    /// Whether the terminal knows more than the sequences of a VT100.
    var isModern = true
    /// The link that the terminal's cells would get now.
    private var openLink: UInt32 = 0
    private var isCursorShown = true
    /// The parameters of the sequence at hand, kept to save allocations.
    private var numbers: [Int] = []

    private static let escape: UInt8 = 0x1b
    private static let shiftIn: UInt8 = 0x0f
    private static let selectASCII: [UInt8] = [0x1b, 0x28, 0x42]

    /// The bytes of a frame; empty when the terminal already shows it.
    mutating func frame(
        _ written: UnsafeBufferPointer<UInt8>, slots: PaletteSlots, isCursorShown shows: Bool
    ) -> [UInt8] {
        guard !written.isEmpty || shows != isCursorShown else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(written.count + 64)
        let isBracketed = isSynchronized && written.count > Self.smallFrame
        if isBracketed { bytes.append(contentsOf: "\u{1b}[?2026h".utf8) }
        if isCursorShown && !shows { bytes.append(contentsOf: "\u{1b}[?25l".utf8) }
        rewrite(written, slots, into: &bytes)
        if openLink != 0 { change(link: 0, slots, &bytes) }
        if !isCursorShown && shows { bytes.append(contentsOf: "\u{1b}[?25h".utf8) }
        if isBracketed { bytes.append(contentsOf: "\u{1b}[?2026l".utf8) }
        isCursorShown = shows
        return bytes
    }

    /// The terminal's modes were put back: its cursor shows again.
    mutating func forget() {
        isCursorShown = true
        openLink = 0
    }

    private mutating func rewrite(
        _ written: UnsafeBufferPointer<UInt8>, _ slots: PaletteSlots, into bytes: inout [UInt8]
    ) {
        var index = 0
        while index < written.count {
            let rest = UnsafeBufferPointer(rebasing: written[index...])
            let plain = rest.firstIndex(of: Self.escape) ?? rest.count
            bytes.append(contentsOf: rest[..<plain])
            index += plain
            guard plain < rest.count else { return }
            let end = sequenceEnd(written, from: index)
            if written[index...].starts(with: Self.selectASCII) && isModern {
                // ncurses says this with every change of attributes; nobody ever selects another
                // set.
            } else if end - index >= 3, written[index + 1] == 0x5b, written[end - 1] == 0x6d {
                if isReset(written, from: end) {
                    // ncurses takes a colour back before it resets everything anyway.
                    index = end
                    continue
                }
                rewriteStyle(UnsafeBufferPointer(rebasing: written[index..<end]), slots, &bytes)
            } else {
                bytes.append(contentsOf: written[index..<end])
            }
            index = end
            // Some descriptions end each change of attributes with the same for another set.
            if index < written.count, written[index] == Self.shiftIn { index += 1 }
        }
    }

    /// Whether what begins at `start` sets all attributes anew, so that a style before it is idle.
    private func isReset(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var index = start
        if isModern, bytes[index...].starts(with: Self.selectASCII) { index += 3 }
        guard index + 2 < bytes.count, bytes[index] == Self.escape, bytes[index + 1] == 0x5b
        else { return false }
        if bytes[index + 2] == 0x6d { return true }
        let end = sequenceEnd(bytes, from: index)
        return bytes[index + 2] == 0x30 && bytes[end - 1] == 0x6d
            && (bytes[index + 3] == 0x3b || bytes[index + 3] == 0x6d)
    }

    /// The end of the escape sequence that begins at `start`.
    private func sequenceEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard start + 1 < bytes.count else { return bytes.count }
        if bytes[start + 1] == 0x28 { return min(bytes.count, start + 3) }
        guard bytes[start + 1] == 0x5b else { return start + 2 }
        var index = start + 2
        while index < bytes.count, !(0x40...0x7e).contains(bytes[index]) { index += 1 }
        return min(bytes.count, index + 1)
    }

    /// Writes a style sequence (SGR) with the meanings of its colours, and opens or closes the
    /// link.
    private mutating func rewriteStyle(
        _ sequence: UnsafeBufferPointer<UInt8>, _ slots: PaletteSlots, _ bytes: inout [UInt8]
    ) {
        parseNumbers(sequence)
        var link = openLink
        bytes.append(contentsOf: [Self.escape, 0x5b])
        var place = 0
        var isFirst = true
        while place < numbers.count {
            let number = numbers[place]
            if !isFirst { bytes.append(0x3b) }
            isFirst = false
            if number == 38 || number == 48, place + 2 < numbers.count, numbers[place + 1] == 5 {
                let index = numbers[place + 2]
                let meaning =
                    slots.meaning(of: index)
                    ?? .init(color: .palette(UInt8(truncatingIfNeeded: index)), link: 0)
                if number == 38 { link = meaning.link }
                Self.append(meaning.color, isBackground: number == 48, &bytes)
                place += 3
                continue
            }
            if number == 0 || (30...39).contains(number) || (90...97).contains(number) { link = 0 }
            Self.append(number == 5 && isModern ? 9 : number, &bytes)
            place += 1
        }
        if numbers.isEmpty { link = 0 }
        bytes.append(0x6d)
        if link != openLink { change(link: link, slots, &bytes) }
    }

    private mutating func parseNumbers(_ sequence: UnsafeBufferPointer<UInt8>) {
        numbers.removeAll(keepingCapacity: true)
        guard sequence.count > 3 else { return }
        var value = 0
        for byte in sequence[2..<sequence.count - 1] {
            if byte == 0x3b {
                numbers.append(value)
                value = 0
            } else if (0x30...0x39).contains(byte) {
                value = min(100_000, value * 10 + Int(byte) - 0x30)
            }
        }
        numbers.append(value)
    }

    private mutating func change(link: UInt32, _ slots: PaletteSlots, _ bytes: inout [UInt8]) {
        openLink = link
        bytes.append(contentsOf: "\u{1b}]8;".utf8)
        if link != 0, let address = slots.address(of: link) {
            // The id joins the pieces of a link that wraps.
            bytes.append(contentsOf: "id=".utf8)
            Self.append(Int(link), &bytes)
            bytes.append(0x3b)
            bytes.append(contentsOf: address.utf8)
        } else {
            bytes.append(0x3b)
        }
        bytes.append(contentsOf: [Self.escape, 0x5c])
    }

    private static func append(_ color: Color, isBackground: Bool, _ bytes: inout [UInt8]) {
        let base = isBackground ? 40 : 30
        switch color {
        case .standard: append(base + 9, &bytes)
        case .palette(let index) where index < 8: append(base + Int(index), &bytes)
        case .palette(let index) where index < 16: append(base + 52 + Int(index), &bytes)
        case .palette(let index):
            append(base + 8, &bytes)
            bytes.append(contentsOf: ";5;".utf8)
            append(Int(index), &bytes)
        case .rgb(let red, let green, let blue):
            append(base + 8, &bytes)
            bytes.append(contentsOf: ";2".utf8)
            for channel in [red, green, blue] {
                bytes.append(0x3b)
                append(Int(channel), &bytes)
            }
        }
    }

    private static func append(_ number: Int, _ bytes: inout [UInt8]) {
        if number >= 10 { append(number / 10, &bytes) }
        bytes.append(0x30 + UInt8(number % 10))
    }
}
