import CVterm

/// The screen of a terminal emulator (libvterm): bytes in, cells out, and answers to questions.
///
/// A class, because the emulator calls back into it.
package final class EmulatedScreen {
    /// What a cell looks like.
    package struct Look: Hashable {
        package var text: String
        package var columns: Int
        package var isBold: Bool
        package var isUnderlined: Bool
        package var isItalic: Bool
        package var isReversed: Bool
        package var isStruck: Bool
        /// Red, green, blue; or the palette's index alone; nil for the terminal's own.
        package var foreground: [UInt8]?
        package var background: [UInt8]?
    }

    /// What the program has told the terminal besides text.
    package struct Modes: Hashable {
        package var title = ""
        package var hasAlternateScreen = false
        /// 0 none, 1 clicks, 2 drags, 3 moves.
        package var mouse = 0
        package var isCursorVisible = true
    }

    /// Keys that are more than a character.
    package enum Special {
        case enter, tab, backspace, escape, up, down, left, right, insert, delete, home, end
        case pageUp, pageDown, function(Int)
    }

    /// Rows of the screen.
    package private(set) var rows: Int
    /// Columns of the screen.
    package private(set) var columns: Int
    private let emulator: OpaquePointer
    private let screen: OpaquePointer
    private let callbacks: UnsafeMutablePointer<VTermScreenCallbacks>
    private let modesPointer: UnsafeMutablePointer<Modes>

    /// An empty screen.
    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        emulator = vterm_new(Int32(rows), Int32(columns))
        vterm_set_utf8(emulator, 1)
        screen = vterm_obtain_screen(emulator)
        vterm_screen_enable_altscreen(screen, 1)
        modesPointer = .allocate(capacity: 1)
        modesPointer.initialize(to: Modes())
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: VTermScreenCallbacks())
        callbacks.pointee.settermprop = { property, value, modes in
            guard let value, let modes = modes?.assumingMemoryBound(to: Modes.self) else {
                return 0
            }
            modes.pointee.note(property, value)
            return 1
        }
        vterm_screen_set_callbacks(screen, callbacks, modesPointer)
        vterm_screen_reset(screen, 1)
    }

    deinit {
        vterm_free(emulator)
        callbacks.deallocate()
        modesPointer.deinitialize(count: 1)
        modesPointer.deallocate()
    }

    /// Takes what the program sends.
    package func feed(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes {
            _ = vterm_input_write(
                emulator, $0.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
    }

    /// What the terminal sends: answers to questions, and the keys and clicks below.
    package func takeReply() -> [UInt8] {
        var reply = [CChar](repeating: 0, count: 1 << 14)
        let count = vterm_output_read(emulator, &reply, reply.count)
        return reply[..<count].map { UInt8(bitPattern: $0) }
    }

    /// Presses a key, encoded by the modes that the program has set.
    package func press(_ key: Special) {
        vterm_keyboard_key(emulator, key.code, VTERM_MOD_NONE)
    }

    /// Presses a mouse button at a cell and, unless it is the wheel (4 and 5), lets it go.
    package func click(button: Int, row: Int, column: Int) {
        vterm_mouse_move(emulator, Int32(row), Int32(column), VTERM_MOD_NONE)
        vterm_mouse_button(emulator, Int32(button), true, VTERM_MOD_NONE)
        if button < 4 { vterm_mouse_button(emulator, Int32(button), false, VTERM_MOD_NONE) }
    }

    /// Takes another size, as a window does.
    package func resize(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        vterm_set_size(emulator, Int32(rows), Int32(columns))
    }

    // MARK: Seeing

    /// The rows of the screen, spaces at their ends cut.
    package var lines: [String] { (0..<rows).map { line($0) } }

    /// One row of the screen.
    package func line(_ row: Int) -> String {
        var text = ""
        var column = 0
        while column < columns {
            let cell = rawCell(row, column)
            text += Self.text(cell)
            column += max(1, Int(cell.width))
        }
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    /// How a cell looks.
    package subscript(row: Int, column: Int) -> Look {
        let cell = rawCell(row, column)
        return Look(
            text: Self.text(cell), columns: Int(cell.width), isBold: cell.attrs.bold != 0,
            isUnderlined: cell.attrs.underline != 0, isItalic: cell.attrs.italic != 0,
            isReversed: cell.attrs.reverse != 0, isStruck: cell.attrs.strike != 0,
            foreground: Self.color(cell.fg, defaultFlag: VTERM_COLOR_DEFAULT_FG),
            background: Self.color(cell.bg, defaultFlag: VTERM_COLOR_DEFAULT_BG))
    }

    /// Where the cursor is.
    package var cursor: (row: Int, column: Int) {
        var position = VTermPos()
        vterm_state_get_cursorpos(vterm_obtain_state(emulator), &position)
        return (Int(position.row), Int(position.col))
    }

    /// What the program has told the terminal.
    package var modes: Modes { modesPointer.pointee }

    private func rawCell(_ row: Int, _ column: Int) -> VTermScreenCell {
        var cell = VTermScreenCell()
        vterm_screen_get_cell(screen, VTermPos(row: Int32(row), col: Int32(column)), &cell)
        return cell
    }

    private static func text(_ cell: VTermScreenCell) -> String {
        var text = String.UnicodeScalarView()
        withUnsafeBytes(of: cell.chars) { bytes in
            for value in bytes.bindMemory(to: UInt32.self) {
                guard value != 0, let scalar = Unicode.Scalar(value) else { break }
                text.append(scalar)
            }
        }
        return text.isEmpty ? " " : String(text)
    }

    private static func color(_ color: VTermColor, defaultFlag: VTermColorType) -> [UInt8]? {
        if color.type & UInt8(defaultFlag.rawValue) != 0 { return nil }
        if color.type & UInt8(VTERM_COLOR_TYPE_MASK.rawValue)
            == UInt8(VTERM_COLOR_INDEXED.rawValue)
        {
            return [color.indexed.idx]
        }
        return [color.rgb.red, color.rgb.green, color.rgb.blue]
    }
}

extension EmulatedScreen.Modes {
    fileprivate mutating func note(
        _ property: VTermProp, _ value: UnsafeMutablePointer<VTermValue>
    ) {
        switch property {
        case VTERM_PROP_ALTSCREEN: hasAlternateScreen = value.pointee.boolean != 0
        case VTERM_PROP_MOUSE: mouse = Int(value.pointee.number)
        case VTERM_PROP_CURSORVISIBLE: isCursorVisible = value.pointee.boolean != 0
        case VTERM_PROP_TITLE:
            var bytes = [CChar](repeating: 0, count: 1024)
            let count = vterm_title(value, &bytes, bytes.count)
            title = String(
                decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        default: break
        }
    }
}

extension EmulatedScreen.Special {
    fileprivate var code: VTermKey {
        switch self {
        case .enter: VTERM_KEY_ENTER
        case .tab: VTERM_KEY_TAB
        case .backspace: VTERM_KEY_BACKSPACE
        case .escape: VTERM_KEY_ESCAPE
        case .up: VTERM_KEY_UP
        case .down: VTERM_KEY_DOWN
        case .left: VTERM_KEY_LEFT
        case .right: VTERM_KEY_RIGHT
        case .insert: VTERM_KEY_INS
        case .delete: VTERM_KEY_DEL
        case .home: VTERM_KEY_HOME
        case .end: VTERM_KEY_END
        case .pageUp: VTERM_KEY_PAGEUP
        case .pageDown: VTERM_KEY_PAGEDOWN
        case .function(let number):
            VTermKey(VTERM_KEY_FUNCTION_0.rawValue + UInt32(number))
        }
    }
}
