/// A key with what was held.
package struct Key: Hashable, Sendable {
    /// Which key.
    package var code: KeyCode
    /// Shift, Alt, Control. Shift is not set for characters that are typed with it (`A`, `?`).
    package var modifiers: Modifiers

    /// A key with what was held.
    package init(_ code: KeyCode, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// The text this key types, when it types any.
    package var text: Character? {
        guard case .character(let character) = code, modifiers.isEmpty else { return nil }
        return character
    }
}

/// Which key.
package enum KeyCode: Hashable, Sendable {
    case character(Character)
    case enter
    case tab
    case backspace
    case delete
    case insert
    case escape
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    case function(Int)
}

/// Keys held while another is pressed.
package struct Modifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Shift.
    package static let shift = Modifiers(rawValue: 1)
    /// Alt, or Option, or Meta.
    package static let alt = Modifiers(rawValue: 2)
    /// Control.
    package static let control = Modifiers(rawValue: 4)

    /// The modifiers in a parameter of a key sequence: one more than a bit set.
    init(parameter: Int) {
        let bits = max(0, parameter - 1)
        // Bit 5 is Meta, which is Alt to everybody who has only one of them.
        self.init(rawValue: UInt8(truncatingIfNeeded: bits & 7 | (bits & 32) >> 4))
    }
}
