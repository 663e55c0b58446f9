/// What a terminal tells the program.
package enum Input: Hashable, Sendable {
    /// A key, or a character typed.
    case key(Key)
    /// No byte followed an Esc for 150 ms: it was the Esc key and not the start of a slow sequence.
    ///
    /// `.key` of Esc comes after 25 ms and may close something that is open; only this may stop a
    /// run.
    case escapeSettled
    /// A bracketed paste, whole, bytes as the terminal sent them (invalid UTF-8 becomes U+FFFD).
    case paste(String)
    /// Something the mouse did.
    case mouse(MouseEvent)
    /// The terminal's window gained (true) or lost the keyboard.
    case focus(Bool)
    /// The terminal has another size now.
    case resize(rows: Int, columns: Int)
    /// The terminal's answer to a question of ours.
    case reply(TerminalReply)
}

/// Something the mouse did, at a cell.
package struct MouseEvent: Hashable, Sendable {
    /// What happened.
    package enum Action: Hashable, Sendable {
        case press(Button)
        case release(Button)
        case drag(Button)
        case move
        case wheelUp
        case wheelDown
        case wheelLeft
        case wheelRight
    }

    /// Which button.
    package enum Button: Hashable, Sendable {
        case left
        case middle
        case right
        case other
    }

    /// What happened.
    package var action: Action
    /// Row of the cell, from 0.
    package var row: Int
    /// Column of the cell, from 0.
    package var column: Int
    /// Keys held.
    package var modifiers: Modifiers

    /// An event at a cell.
    package init(_ action: Action, row: Int, column: Int, modifiers: Modifiers = []) {
        self.action = action
        self.row = row
        self.column = column
        self.modifiers = modifiers
    }
}

/// What a terminal answers to queries.
package enum TerminalReply: Hashable, Sendable {
    /// DA1: what kind of terminal; ends the capability probe.
    case deviceAttributes([Int])
    /// DECRPM: a private mode's state. 0 unknown to the terminal, 1 set, 2 reset, 3 and 4
    /// permanently so.
    case mode(Int, state: Int)
    /// The kitty keyboard protocol is spoken, with these flags on.
    case keyboard(flags: Int)
    /// OSC 11: the colour of the background.
    case background(red: UInt8, green: UInt8, blue: UInt8)
    /// XTVERSION: name and version.
    case version(String)
    /// The person switched the system to dark (true) or light colours.
    case darkColours(Bool)
    /// Anything else, without its introducer and terminator.
    case other(String)
}
