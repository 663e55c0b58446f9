/// Takes a leading `<think>…</think>` out of the text, however it is cut.
///
/// Only the very beginning counts: a tag later in an answer is text about tags.
struct ThinkTagSplitter: Sendable {
    /// A run of text of one kind.
    enum Piece: Hashable, Sendable {
        case text(String)
        case reasoning(String)
    }

    private enum Place {
        /// Nothing but white space and a beginning of the tag has come.
        case beginning
        /// After the opening tag, where one line end is dropped.
        case opened
        case thinking
        /// After the closing tag, where white space is dropped.
        case closed
        case text
    }

    private var place = Place.beginning
    /// What is held back because it may be a part of a tag.
    private var held: [UInt8] = []

    private static let opening = Array("<think>".utf8)
    private static let closing = Array("</think>".utf8)

    /// Takes more text and gives what is decided.
    mutating func feed(_ text: String) -> [Piece] {
        if place == .text { return text.isEmpty ? [] : [.text(text)] }
        held += text.utf8
        var pieces: [Piece] = []
        while let piece = step() {
            if let piece = piece.0 { pieces.append(piece) }
        }
        return pieces
    }

    /// Gives what was held back, at the end.
    mutating func finish() -> [Piece] {
        defer { held = [] }
        guard !held.isEmpty else { return [] }
        let rest = String(decoding: held, as: UTF8.self)
        return place == .thinking || place == .opened ? [.reasoning(rest)] : [.text(rest)]
    }

    /// One decision; nil when more text is needed for the next.
    private mutating func step() -> (Piece?, Void)? {
        if held.isEmpty { return nil }
        switch place {
        case .beginning: return begin()
        case .opened:
            if held[0] == UInt8(ascii: "\n") { held.removeFirst() }
            place = .thinking
            return (nil, ())
        case .thinking: return think()
        case .closed:
            held.removeFirst(held.prefix(while: \.isSpace).count)
            if held.isEmpty { return nil }
            place = .text
            return (nil, ())
        case .text: return (take(held.count).map { .text($0) }, ())
        }
    }

    private mutating func begin() -> (Piece?, Void)? {
        let space = held.prefix(while: \.isSpace).count
        let rest = held[space...]
        if rest.starts(with: Self.opening) {
            held.removeFirst(space + Self.opening.count)
            place = .opened
            return (nil, ())
        }
        if Self.opening.starts(with: rest) { return nil }
        place = .text
        return (nil, ())
    }

    private mutating func think() -> (Piece?, Void)? {
        if let end = held.firstIndex(of: Self.closing) {
            let words = take(end)
            held.removeFirst(Self.closing.count)
            place = .closed
            return (words.map { .reasoning($0) }, ())
        }
        let sure = held.count - held.overlap(with: Self.closing)
        return take(sure).map { (.reasoning($0), ()) }
    }

    private mutating func take(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        defer { held.removeFirst(count) }
        return String(decoding: held[..<count], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension [UInt8] {
    /// Where `tag` begins.
    fileprivate func firstIndex(of tag: [UInt8]) -> Int? {
        guard count >= tag.count else { return nil }
        return (0...(count - tag.count)).first { self[$0...].starts(with: tag) }
    }

    /// How many bytes at the end are a beginning of `tag`.
    fileprivate func overlap(with tag: [UInt8]) -> Int {
        let longest = Swift.min(count, tag.count - 1)
        return (0...longest).last { suffix($0).elementsEqual(tag.prefix($0)) } ?? 0
    }
}
