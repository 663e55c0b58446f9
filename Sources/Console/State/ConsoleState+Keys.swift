import Assistants
import Terminal

// From keys to commands.
extension ConsoleState {
    /// Where the keys go now.
    var keyContext: KeyContext {
        if let popup = popups.last { return popup.keyContext }
        return focus == .input ? .input : .pane
    }

    /// Takes in a key: a chord goes on, a command is carried out, or a character is typed.
    mutating func press(_ key: Key) {
        escapeMayStop = false
        let popup = popups.last
        defer { noteTyping(before: popup) }
        if key == Key(.escape) || key == Key(.escape, .alt) {
            keys = []
            if key.modifiers.contains(.alt) { closeInnermost() }
            return pressEscape()
        }
        if isHalfQuit(keys), now.monotonic - keysTime > Self.quitTime { keys = [] }
        keysTime = now.monotonic
        let chord = keys + [key]
        keys = []
        let context = keyContext
        let match = options.keymap.match(chord, in: context)
        // What a popup types is typed, even where the key means something elsewhere.
        if chord.count == 1, typesInPopup(key) { return }
        switch match {
        case .command(let command):
            perform(command)
            if chord.count == 1, options.keymap.beginsChord(chord, in: context),
                mayBeginQuitting(command)
            {
                keys = chord
                say("\(name(of: [key])) again leaves the program.", for: Self.quitTime)
            }
        case .pending: keys = chord
        case .nothing where chord.count > 1:
            // After the first half of a quit, any other key means what it means alone.
            if isHalfQuit(chord) { return press(key) }
            let dot = glyphs.dot
            say("\(name(of: chord)) is not bound \(dot) \(label(.help)) shows the keys")
        case .nothing: type(key)
        }
    }

    /// Only when it did nothing else may a key be the first half of leaving.
    private func mayBeginQuitting(_ command: Command) -> Bool {
        switch command {
        case .stop: !conversation.isBusy
        case .deleteRight: focus == .input && popups.isEmpty && conversation.draft.isEmpty
        default: false
        }
    }

    /// Keys as people read them.
    private func name(of keys: [Key]) -> String {
        KeySequence(keys).label(isASCII: glyphs.isASCII)
    }

    private func isHalfQuit(_ chord: [Key]) -> Bool {
        guard let first = chord.first else { return false }
        return first == Key(.character("c"), .control) || first == Key(.character("d"), .control)
    }

    // MARK: - Esc

    /// Closes the innermost thing; with nothing open it may stop the run, once it has settled.
    private mutating func pressEscape() {
        if closeInnermost() { return }
        escapeMayStop = true
    }

    /// Closes what is open or leaves the pane; false when there was nothing to close.
    @discardableResult
    mutating func closeInnermost() -> Bool {
        needsFrame = true
        if performInCompletion(.stop) { return true }
        if let popup = popups.popLast() {
            closed(popup)
            return true
        }
        if isZoomed {
            isZoomed = false
            return true
        }
        if conversation.chat.selection != nil {
            conversation.chat.selection = nil
            return true
        }
        if focus != .input {
            focus = .input
            conversation.chat.selected = nil
            return true
        }
        return false
    }

    /// No byte followed the Esc: it was the key, and may stop the run.
    mutating func settleEscape() {
        guard escapeMayStop else { return }
        escapeMayStop = false
        _ = stopRun()
    }

    // MARK: - Typing

    /// Types a character into the input line; from a pane it goes there first.
    private mutating func type(_ key: Key) {
        guard popups.isEmpty, let character = key.text else { return }
        if focus != .input {
            return say(
                "\(name(of: [key])) is not bound in a pane \(glyphs.dot) "
                    + "Esc goes back to the input line")
        }
        conversation.draft.insert(character)
        draftChanged()
    }

    /// Inserts a paste; it never sends.
    mutating func paste(_ text: String) {
        keys = []
        noteTyping(before: popups.last)
        escapeMayStop = false
        // Terminals send CR for the line ends of a paste.
        let text = text.withUnixLineEnds
        if popups.last != nil {
            pasteIntoPopup(text)
        } else {
            focus = .input
            conversation.draft.insert(text: text)
            draftChanged()
        }
    }

    /// What is written changed.
    mutating func draftChanged() {
        wantedColumn = nil
        mayComplete = true
        history.place = nil
        rememberDraft()
        needsFrame = true
    }
}

extension String {
    /// The text with each CR LF or CR as one LF.
    var withUnixLineEnds: String {
        guard utf8.contains(0x0D) else { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var previous: UInt8 = 0
        for byte in utf8 {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || previous != 0x0D {
                bytes.append(byte)
            }
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
