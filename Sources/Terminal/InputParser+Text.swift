// Characters, control bytes, what follows an escape, and pastes.
extension InputParser {
    private static let escape: UInt8 = 0x1b
    private static let pasteEnd: [UInt8] = Array("\u{1b}[201~".utf8)

    mutating func takeGround(_ byte: UInt8, _ inputs: inout [Input]) {
        if !buffer.isEmpty {
            guard continueCharacter(byte, &inputs) else { return }
        }
        switch byte {
        case 0x5b where isLate: state = .control  // The rest of what began with the Esc given out.
        case 0x4f where isLate: state = .singleShift
        case Self.escape: state = .escape
        case 0..<0x20, 0x7f: give(control: byte, &inputs)
        case 0x20..<0x7f: give(character: Unicode.Scalar(byte), &inputs)
        case 0xc2...0xf4: buffer.append(byte)
        default: give(character: "\u{fffd}", &inputs)
        }
        // Other late bytes are keys of their own.
        if state == .ground || state == .escape { isLate = false }
    }

    /// Adds a byte to a character of several; true when the byte belongs to something else.
    private mutating func continueCharacter(_ byte: UInt8, _ inputs: inout [Input]) -> Bool {
        guard byte & 0xc0 == 0x80 else {
            buffer.removeAll()
            give(character: "\u{fffd}", &inputs)
            return true
        }
        buffer.append(byte)
        let length = buffer[0] < 0xe0 ? 2 : buffer[0] < 0xf0 ? 3 : 4
        guard buffer.count == length else { return false }
        // A String repairs what is overlong or a surrogate.
        let scalars = Array(String(decoding: buffer, as: UTF8.self).unicodeScalars)
        buffer.removeAll(keepingCapacity: true)
        give(character: scalars.count == 1 ? scalars[0] : "\u{fffd}", &inputs)
        return false
    }

    private mutating func give(character: Unicode.Scalar, _ inputs: inout [Input]) {
        inputs.append(.key(Key(.character(Character(character)), hasAlt ? .alt : [])))
        hasAlt = false
    }

    private mutating func give(control byte: UInt8, _ inputs: inout [Input]) {
        var key: Key
        switch byte {
        case 0x09: key = Key(.tab)
        case 0x0d: key = Key(.enter)
        case 0x7f, eraseByte: key = Key(.backspace)
        case 0x00: key = Key(.character(" "), .control)
        case 0x01...0x1a: key = Key(.character(Character(Unicode.Scalar(byte + 0x60))), .control)
        default: key = Key(.character(Character(Unicode.Scalar(byte + 0x40))), .control)
        }
        if hasAlt { key.modifiers.insert(.alt) }
        hasAlt = false
        inputs.append(.key(key))
    }

    mutating func takeAfterEscape(_ byte: UInt8, _ inputs: inout [Input]) {
        switch byte {
        case 0x5b: state = .control  // [
        case 0x4f: state = .singleShift  // O
        case 0x5d, 0x50, 0x5f, 0x5e, 0x58:  // ] P _ ^ X
            state = .string
            buffer.append(byte)
        case Self.escape where hasAlt:
            // A third escape: the first was a key of its own.
            inputs.append(.key(Key(.escape)))
        case Self.escape: hasAlt = true
        default:
            state = .ground
            hasAlt = true
            takeGround(byte, &inputs)
        }
    }

    /// Takes paste bytes up to its end or the end of the chunk; the index of the next byte.
    mutating func takePaste(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ inputs: inout [Input]
    ) -> Int {
        var index = start
        while index < bytes.count {
            let rest = UnsafeBufferPointer(rebasing: bytes[index...])
            if matched > 0 {
                guard takePasteEnd(rest[0], &inputs) else { return index + 1 }
                if matched > 0 { index += 1 }
                continue
            }
            let plain = rest.firstIndex(of: Self.escape) ?? rest.count
            keep(UnsafeBufferPointer(rebasing: rest[..<plain]))
            index += plain
            if index < bytes.count {
                matched = 1
                index += 1
            }
        }
        return index
    }

    /// Compares a byte with the paste's end; false when that ended it.
    ///
    /// On a mismatch the bytes compared so far are content and the byte is looked at again.
    private mutating func takePasteEnd(_ byte: UInt8, _ inputs: inout [Input]) -> Bool {
        if byte == Self.pasteEnd[matched] {
            matched += 1
            guard matched == Self.pasteEnd.count else { return true }
            matched = 0
            givePaste(&inputs)
            reset()
            return false
        }
        Self.pasteEnd[..<matched].withUnsafeBufferPointer { keep($0) }
        matched = 0
        return true
    }

    private mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>) {
        let room = Self.pasteLimit - buffer.count
        buffer.append(contentsOf: bytes.prefix(max(0, room)))
    }

    mutating func givePaste(_ inputs: inout [Input]) {
        // A paste that never ended may have stopped inside what looked like its end.
        if matched > 0 { Self.pasteEnd[..<matched].withUnsafeBufferPointer { keep($0) } }
        matched = 0
        inputs.append(.paste(String(decoding: buffer, as: UTF8.self)))
    }
}
