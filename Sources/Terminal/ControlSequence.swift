/// A complete control sequence (CSI): private prefix, numbers, intermediates, final byte.
struct ControlSequence {
    /// `<`, `=`, `>` or `?` in front.
    let prefix: UInt8?
    /// The numbers; -1 where one is left out. Sub-parameters after a colon are in `subparameters`.
    private(set) var numbers: [Int] = []
    /// The second number of each parameter, after a colon; -1 without.
    private(set) var subparameters: [Int] = []
    /// A byte between numbers and final, such as `$`.
    private(set) var intermediate: UInt8?
    let final: UInt8

    /// No terminal sends more.
    private static let maximumNumbers = 32
    private static let maximumNumber = 1_000_000

    init(parameters: [UInt8], final: UInt8) {
        self.final = final
        var rest = parameters[...]
        if let first = rest.first, (0x3c...0x3f).contains(first) {
            prefix = first
            rest = rest.dropFirst()
        } else {
            prefix = nil
        }
        while let last = rest.last, (0x20...0x2f).contains(last) {
            intermediate = last
            rest = rest.dropLast()
        }
        for parameter in rest.split(separator: 0x3b, omittingEmptySubsequences: false)
            .prefix(Self.maximumNumbers)
        {
            let parts = parameter.split(
                separator: 0x3a, maxSplits: 2, omittingEmptySubsequences: false)
            numbers.append(Self.number(parts.first ?? []))
            subparameters.append(parts.count > 1 ? Self.number(parts[1]) : -1)
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        guard !digits.isEmpty else { return -1 }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return -1 }
            value = min(maximumNumber, value * 10 + Int(digit) - 0x30)
        }
        return value
    }

    /// The number at a place, or -1.
    func number(_ place: Int) -> Int {
        numbers.indices.contains(place) ? numbers[place] : -1
    }

    /// What the sequence tells, or nil when it tells nothing we know.
    var meaning: Input? {
        switch (prefix, final) {
        case (0x3c, 0x4d), (0x3c, 0x6d): return mouse
        case (0x3f, 0x63): return .reply(.deviceAttributes(numbers.filter { $0 >= 0 }))
        case (0x3f, 0x79) where intermediate == 0x24:
            return .reply(.mode(number(0), state: max(0, number(1))))
        case (0x3f, 0x75): return .reply(.keyboard(flags: max(0, number(0))))
        case (0x3f, 0x6e) where number(0) == 997: return .reply(.darkColours(number(1) == 1))
        case (nil, 0x49) where numbers.allSatisfy({ $0 < 0 }): return .focus(true)
        case (nil, 0x4f) where numbers.allSatisfy({ $0 < 0 }): return .focus(false)
        case (nil, _) where intermediate == nil: return key.map { .key($0) }
        default: return nil
        }
    }

    private var modifiers: Modifiers { Modifiers(parameter: max(1, number(1))) }

    private var key: Key? {
        // Kitty reports releases as event 3; nobody binds a release.
        let isRelease = subparameters.indices.contains(1) && subparameters[1] == 3
        if isRelease { return nil }
        switch final {
        case 0x7e: return numberedKey
        case 0x5e: return Self.numbered(number(0)).map { Key($0, .control) }
        case 0x40: return Self.numbered(number(0)).map { Key($0, [.shift, .control]) }
        case 0x75: return unicodeKey
        case 0x5a: return Key(.tab, modifiers.union(.shift))
        case 0x61...0x64: return Self.letterKey(final - 0x20).map { Key($0, .shift) }
        default: return Self.letterKey(final).map { Key($0, modifiers) }
        }
    }

    private var numberedKey: Key? {
        if number(0) == 27, number(2) > 0 { return Self.unicodeKey(number(2), modifiers) }
        return Self.numbered(number(0)).map { Key($0, modifiers) }
    }

    private var unicodeKey: Key? { Self.unicodeKey(number(0), modifiers) }

    /// Arrows, Home, End and F1 to F4 by their letter.
    static func letterKey(_ letter: UInt8) -> KeyCode? {
        switch letter {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(letter) - 0x4f)
        default: nil
        }
    }

    /// The keypad in application mode.
    static func keypadKey(_ letter: UInt8) -> KeyCode? {
        switch letter {
        case 0x4d: .enter
        case 0x6a...0x79: .character(Character(Unicode.Scalar(letter - 0x40)))
        case 0x58: .character("=")
        default: nil
        }
    }

    private static func numbered(_ number: Int) -> KeyCode? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    private static func unicodeKey(_ code: Int, _ modifiers: Modifiers) -> Key? {
        switch code {
        case 9: return Key(.tab, modifiers)
        case 13, 57414: return Key(.enter, modifiers)
        case 27: return Key(.escape, modifiers)
        case 8, 127: return Key(.backspace, modifiers)
        case 57399...57408:
            return Key(.character(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30)))), modifiers)
        case 57417...57426:
            let keys: [KeyCode] = [
                .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert, .delete,
            ]
            return Key(keys[code - 57417], modifiers)
        case 0x20..<0x7f, 0xa0..<0xe000:
            guard let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
            var key = Key(.character(Character(scalar)), modifiers)
            key.normalise()
            return key
        default: return nil
        }
    }

    private var mouse: Input? {
        guard number(0) >= 0, number(1) > 0, number(2) > 0 else { return nil }
        let bits = number(0)
        var held: Modifiers = []
        if bits & 4 != 0 { held.insert(.shift) }
        if bits & 8 != 0 { held.insert(.alt) }
        if bits & 16 != 0 { held.insert(.control) }
        let action: MouseEvent.Action
        if bits & 64 != 0 {
            action = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][bits & 3]
        } else if bits & 32 != 0 {
            action = bits & 3 == 3 ? .move : .drag(Self.button(bits))
        } else {
            action = final == 0x4d ? .press(Self.button(bits)) : .release(Self.button(bits))
        }
        return .mouse(
            MouseEvent(action, row: number(2) - 1, column: number(1) - 1, modifiers: held))
    }

    private static func button(_ bits: Int) -> MouseEvent.Button {
        bits & 128 != 0 ? .other : [.left, .middle, .right, .other][bits & 3]
    }
}
