// Control sequences, single shifts and strings: keys, the mouse, focus and replies.
extension InputParser {
    mutating func takeControl(_ byte: UInt8, _ inputs: inout [Input]) {
        switch byte {
        case 0x5b where buffer.isEmpty:  // The Linux console's F1 to F5: CSI [ A.
            buffer.append(byte)
        case 0x40...0x7e where buffer == [0x5b]:
            if (0x41...0x45).contains(byte) {
                give(.function(Int(byte) - 0x40), parameter: 1, &inputs)
            }
            reset()
        case 0x20...0x3f where buffer.count >= Self.sequenceLimit: state = .skippedControl
        case 0x20...0x3f: buffer.append(byte)
        case 0x40...0x7e: finishControl(byte, &inputs)
        case 0x1b:
            // A new sequence began inside this one.
            reset()
            state = .escape
        default:
            reset()
            takeGround(byte, &inputs)
        }
    }

    private mutating func finishControl(_ final: UInt8, _ inputs: inout [Input]) {
        let sequence = ControlSequence(parameters: buffer, final: final)
        if sequence.prefix == nil && buffer.isEmpty && final == 0x4d {
            state = .oldMouse
            return
        }
        if sequence.prefix == nil && final == 0x7e && sequence.number(0) == 200 {
            reset()
            state = .paste
            return
        }
        let meaning = sequence.meaning
        switch meaning {
        case .key(let key):
            var key = key
            if hasAlt { key.modifiers.insert(.alt) }
            inputs.append(.key(key))
            // This protocol's Esc cannot be the start of anything else.
            if key == Key(.escape) { inputs.append(.escapeSettled) }
        case .some(let input): inputs.append(input)
        case nil: break
        }
        reset()
    }

    mutating func takeSingleShift(_ byte: UInt8, _ inputs: inout [Input]) {
        if (0x30...0x39).contains(byte) && buffer.isEmpty {
            buffer.append(byte)  // A modifier, from old terminals: SS3 5 P.
            return
        }
        let parameter = buffer.first.map { Int($0) - 0x30 } ?? 1
        if byte == 0x1b {
            reset()
            state = .escape
            return
        }
        if let code = ControlSequence.letterKey(byte) ?? ControlSequence.keypadKey(byte) {
            give(code, parameter: parameter, &inputs)
        } else if (0x61...0x64).contains(byte) {
            // rxvt's Ctrl with an arrow.
            give(ControlSequence.letterKey(byte - 0x20) ?? .up, parameter: 5, &inputs)
        } else {
            inputs.append(.key(Key(.character("O"), isLate ? [] : .alt)))
            reset()
            takeGround(byte, &inputs)
            return
        }
        reset()
    }

    private func give(_ code: KeyCode, parameter: Int, _ inputs: inout [Input]) {
        var key = Key(code, Modifiers(parameter: parameter))
        if hasAlt { key.modifiers.insert(.alt) }
        inputs.append(.key(key))
    }

    /// Collects a string up to BEL, or ESC and a backslash. The buffer's first byte is its kind.
    mutating func takeString(_ byte: UInt8, _ inputs: inout [Input]) {
        let isSkipped = state == .skippedString || state == .skippedStringEscape
        if state == .stringEscape || state == .skippedStringEscape {
            if byte == 0x5c {
                if !isSkipped { giveString(&inputs) }
                reset()
            } else {
                // Not its end: the string was cut off and another sequence began.
                reset()
                state = .escape
                takeAfterEscape(byte, &inputs)
            }
            return
        }
        switch byte {
        case 0x07:
            if !isSkipped { giveString(&inputs) }
            reset()
        case 0x1b: state = isSkipped ? .skippedStringEscape : .stringEscape
        case 0x18, 0x1a: reset()
        default:
            if isSkipped { return }
            if buffer.count < Self.stringLimit {
                buffer.append(byte)
            } else {
                buffer.removeAll()
                state = .skippedString
            }
        }
    }

    private func giveString(_ inputs: inout [Input]) {
        if let reply = TerminalReply(string: buffer) { inputs.append(.reply(reply)) }
    }
}

extension TerminalReply {
    /// The meaning of a string: its kind (`]` OSC, `P` DCS, …) and content.
    init?(string bytes: [UInt8]) {
        let content = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch bytes.first {
        case 0x50 where content.hasPrefix(">|"): self = .version(String(content.dropFirst(2)))
        case 0x5d where content.hasPrefix("11;"):
            guard let colour = Self.colour(content.dropFirst(3)) else { return nil }
            self = .background(red: colour.0, green: colour.1, blue: colour.2)
        case nil: return nil
        default: self = .other(content)
        }
    }

    /// `rgb:RRRR/GGGG/BBBB` or `rgba:…`, one to four digits each; or `#RRGGBB`.
    private static func colour(_ text: Substring) -> (UInt8, UInt8, UInt8)? {
        var parts: [Substring]
        if text.hasPrefix("#"), text.utf8.count == 7 {
            let digits = Array(text.dropFirst())
            parts = [0, 2, 4].map { Substring(String(digits[$0..<$0 + 2])) }
        } else {
            guard let colon = text.firstIndex(of: ":"), text.hasPrefix("rgb") else { return nil }
            parts = text[text.index(after: colon)...].split(separator: "/")
        }
        let values = parts.prefix(3).compactMap { part -> UInt8? in
            guard let value = Int(part, radix: 16), (1...4).contains(part.utf8.count), value >= 0
            else { return nil }
            let full = 1 << (4 * part.utf8.count) - 1
            return UInt8(value * 255 / full)
        }
        return values.count == 3 ? (values[0], values[1], values[2]) : nil
    }
}
