import TextLayout

/// The list of files that completes what is typed behind an `@` in the input line.
struct FileCompletion: Hashable, Sendable {
    /// Where the `@` stands in the draft.
    var start: Int
    /// The path as far as it is typed.
    private(set) var typed = ""
    /// What is in the folder; nil while it is read.
    private(set) var listing: FolderListing?
    /// The entries that begin like what is typed, by their places.
    private(set) var matches: [Int] = []
    private(set) var selected = 0
    /// Whether the person closed it.
    var isDismissed = false
    /// What was pressed while the folder was being read, to be done with what is in it.
    var awaited: Command?

    /// A list that is to be read.
    init(start: Int, typed: String) {
        self.start = start
        self.typed = typed
    }

    /// The folder as it is typed, with its slash; empty for the one the program runs in.
    var folder: String { String(typed[..<slash]) }

    /// What is typed of the name.
    private var part: Substring { typed[slash...] }

    private var slash: String.Index {
        typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
    }

    /// The entry that is selected.
    var entry: FolderListing.Entry? {
        guard matches.indices.contains(selected) else { return nil }
        return listing?.entries[matches[selected]]
    }

    /// Whether there is something to show.
    var isShown: Bool { !isDismissed && (!matches.isEmpty || listing?.problem != nil) }

    /// Whether a key may be meant for what is not read yet.
    var isAwaited: Bool {
        !isDismissed && listing == nil && !typed.contains(where: \.isWhitespace)
    }

    /// Whether it is certain that no file is meant: a blank was typed that no name has.
    var isOver: Bool {
        if typed.first?.isWhitespace == true { return true }
        return listing != nil && matches.isEmpty && part.contains(where: \.isWhitespace)
    }

    /// More or less was typed; true when another folder is to be read.
    mutating func type(_ text: String) -> Bool {
        let before = folder
        typed = text
        awaited = nil
        if folder != before { listing = nil }
        find()
        return folder != before
    }

    /// A folder was read.
    mutating func take(_ listing: FolderListing) {
        self.listing = listing
        find()
    }

    /// Selects another entry.
    mutating func move(by difference: Int) {
        guard !matches.isEmpty else { return }
        selected = (selected + difference + matches.count) % matches.count
    }

    /// Finds what begins like what is typed, or else what holds it. Hidden files are meant only
    /// where the name begins with a dot.
    private mutating func find() {
        selected = 0
        matches = []
        guard let listing else { return }
        let wanted = Array(part.lowercased().utf8)
        let seesHidden = wanted.first == 0x2E
        var others: [Int] = []
        for (place, entry) in listing.entries.enumerated() {
            if entry.bytes.first == 0x2E, !seesHidden { continue }
            if entry.key.starts(with: wanted) {
                matches.append(place)
            } else if matches.isEmpty, entry.key.holds(wanted) {
                others.append(place)
            }
        }
        if matches.isEmpty { matches = others }
    }
}

extension [UInt8] {
    /// Whether some bytes stand somewhere in these.
    fileprivate func holds(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, wanted.count <= count else { return wanted.isEmpty }
        return (0...count - wanted.count).contains { start in
            self[start] == first && self[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}

extension Draft {
    /// What stands between an `@` that begins a word and the cursor.
    ///
    /// - Parameter known: Where the `@` was before; behind that one, blanks belong to the name.
    func fileToken(known: Int?) -> (start: Int, text: String)? {
        if let known, known < cursor, elements.indices.contains(known),
            elements[known] == .character("@"), let text = text(known + 1..<cursor)
        {
            return (known, text)
        }
        var start = cursor
        while start > 0, cursor - start < 4_096, let character = character(start - 1),
            !character.isWhitespace
        {
            start -= 1
        }
        guard start < cursor, character(start) == "@", let text = text(start + 1..<cursor)
        else { return nil }
        return (start, text)
    }

    private func character(_ place: Int) -> Character? {
        guard elements.indices.contains(place), case .character(let character) = elements[place]
        else { return nil }
        return character
    }

    /// The text of a part of one line; nil where a paste or another line is in it.
    private func text(_ range: Range<Int>) -> String? {
        guard range.count < 4_096 else { return nil }
        var text = ""
        for place in range {
            guard let character = character(place), character != "\n" else { return nil }
            text.append(character)
        }
        return text
    }
}
