import TextLayout

/// A text that is being written: the message, a filter, a field of a form.
///
/// Made of elements, so that a large paste is one element whose text is not shown.
struct Draft: Hashable, Sendable {
    /// One step of the cursor.
    enum Element: Hashable, Sendable {
        case character(Character)
        /// A paste that is too large to show; sent whole.
        case paste(Paste)

        /// The text as it is sent.
        var source: String {
            switch self {
            case .character(let character): String(character)
            case .paste(let paste): paste.text
            }
        }
    }

    /// A paste shown as one chip.
    struct Paste: Hashable, Sendable {
        var text: String
        var lines: Int
        var bytes: Int
    }

    /// Pastes above either limit become a chip.
    static let pasteBytesLimit = 2_000
    static let pasteLinesLimit = 12
    /// Texts that were written and not pasted become a chip above this, in bytes.
    static let textBytesLimit = 20_000
    /// Changes that can be taken back.
    static let undoLimit = 200
    /// Characters that can be typed; what is beyond is refused.
    static let elementLimit = 200_000

    private(set) var elements: [Element] = []
    /// Between 0 and the number of elements.
    private(set) var cursor = 0
    private var undo = UndoStack()

    /// What was there before each change.
    private struct UndoStack: Hashable, Sendable {
        var states: [State] = []
        /// Whether the last change was typing, which goes on in one step.
        var isTyping = false

        struct State: Hashable, Sendable {
            var elements: [Element]
            var cursor: Int
        }
    }

    /// An empty draft.
    init() {}

    /// A draft that holds a text, the cursor at its end.
    init(_ text: String) {
        replace(with: text)
        undo = UndoStack()
    }

    /// Whether nothing is written.
    var isEmpty: Bool { elements.isEmpty }

    /// The text as it is sent.
    var text: String { elements.reduce(into: "") { $0 += $1.source } }

    /// Whether only blanks are written.
    var isBlank: Bool {
        elements.allSatisfy {
            guard case .character(let character) = $0 else { return false }
            return character.isWhitespace
        }
    }

    /// Puts another text in place of all; a large one becomes a chip.
    mutating func replace(with text: String) {
        remember(typing: false)
        elements = Self.elements(of: text, bytes: Self.textBytesLimit, lines: Int.max)
        cursor = elements.count
    }

    /// Empties the draft.
    mutating func clear() { self = Draft() }

    /// Types one character.
    mutating func insert(_ character: Character) {
        guard elements.count < Self.elementLimit else { return }
        remember(typing: true)
        elements.insert(.character(character), at: cursor)
        cursor += 1
        joinBeforeCursor()
    }

    /// Inserts a text at once: a paste, or what was cut.
    mutating func insert(text: String) {
        remember(typing: false)
        let new = Self.elements(
            of: text, bytes: Self.pasteBytesLimit, lines: Self.pasteLinesLimit)
        elements.insert(contentsOf: new, at: cursor)
        cursor += new.count
    }

    /// Takes back the last change; false when there is none.
    mutating func undoChange() -> Bool {
        guard let state = undo.states.popLast() else { return false }
        elements = state.elements
        cursor = state.cursor
        undo.isTyping = false
        return true
    }

    private static func elements(
        of text: String, bytes limit: Int, lines lineLimit: Int
    ) -> [Element] {
        var lines = 1
        for byte in text.utf8 where byte == 0x0A { lines += 1 }
        if text.utf8.count > limit || lines > lineLimit {
            return [.paste(Paste(text: text, lines: lines, bytes: text.utf8.count))]
        }
        return text.map(Element.character)
    }

    /// A mark typed after its base belongs to it.
    private mutating func joinBeforeCursor() {
        guard cursor >= 2, case .character(let last) = elements[cursor - 1],
            case .character(let base) = elements[cursor - 2]
        else { return }
        let joined = String(base) + String(last)
        if joined.dropFirst().isEmpty, let character = joined.first {
            elements.replaceSubrange(cursor - 2..<cursor, with: [.character(character)])
            cursor -= 1
        }
    }

    private mutating func remember(typing: Bool) {
        if typing, undo.isTyping, !undo.states.isEmpty { return }
        undo.isTyping = typing
        undo.states.append(.init(elements: elements, cursor: cursor))
        if undo.states.count > Self.undoLimit { undo.states.removeFirst() }
    }
}

// MARK: - Moving and deleting

extension Draft {
    /// Moves the cursor to a place, or as near as there is.
    mutating func move(to place: Int) {
        cursor = min(max(0, place), elements.count)
        undo.isTyping = false
    }

    /// The place one word away, over blanks first.
    func wordPlace(forward: Bool) -> Int {
        var place = cursor
        func isWord(_ index: Int) -> Bool {
            guard elements.indices.contains(index) else { return false }
            guard case .character(let character) = elements[index] else { return true }
            return character.isLetter || character.isNumber || character == "_"
        }
        if forward {
            while place < elements.count, !isWord(place) { place += 1 }
            while place < elements.count, isWord(place) { place += 1 }
        } else {
            while place > 0, !isWord(place - 1) { place -= 1 }
            while place > 0, isWord(place - 1) { place -= 1 }
        }
        return place
    }

    /// The place where the line of the cursor begins or ends.
    func linePlace(end: Bool) -> Int {
        var place = cursor
        if end {
            while place < elements.count, elements[place] != .character("\n") { place += 1 }
        } else {
            while place > 0, elements[place - 1] != .character("\n") { place -= 1 }
        }
        return place
    }

    /// Deletes from the cursor to a place and returns what was there.
    @discardableResult
    mutating func delete(to place: Int) -> String {
        let place = min(max(0, place), elements.count)
        let range = min(place, cursor)..<max(place, cursor)
        guard !range.isEmpty else { return "" }
        remember(typing: false)
        let removed = elements[range].reduce(into: "") { $0 += $1.source }
        elements.removeSubrange(range)
        cursor = range.lowerBound
        return removed
    }

    /// Takes away a `\` before the cursor, when there is one: Enter after it begins a new line.
    mutating func takeBackslash() -> Bool {
        guard cursor > 0, cursor == elements.count, elements[cursor - 1] == .character("\\") else {
            return false
        }
        delete(to: cursor - 1)
        return true
    }
}
