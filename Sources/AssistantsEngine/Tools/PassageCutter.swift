/// Cuts a text into the pieces that a search finds.
///
/// Tokens are guessed: four Latin letters, two of most other alphabets, or one and a third of
/// Chinese, Japanese and Korean make one (`ENGINE.md` 5.2).
struct PassageCutter {
    /// A piece, and how many bytes at its beginning are the end of the piece before.
    struct Piece: Hashable, Sendable {
        var text: String
        var overlap: Int
    }

    /// The most tokens of a piece.
    var tokens: Int
    /// How many tokens a piece takes over from the one before.
    var overlap: Int

    /// Tokens are counted in quarters.
    private static let unitsPerToken = 4

    /// How many tokens a text has.
    static func tokenCount(of text: some Sequence<UInt8>) -> Int {
        text.reduce(0) { $0 + units(of: $1) } / unitsPerToken
    }

    /// The pieces in order; blank ones are left out.
    func pieces(of bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var (start, shared) = (0, 0)
        while start < bytes.count {
            let end = end(from: start, in: bytes)
            let piece = bytes[start..<end]
            if piece.contains(where: { $0 > 0x20 }) {
                pieces.append(Piece(text: String(decoding: piece, as: UTF8.self), overlap: shared))
            }
            if end == bytes.count { break }
            let next = beginning(before: end, after: start, in: bytes)
            shared = end - next
            start = next
        }
        return pieces
    }

    /// Where the piece that begins at a place ends: behind a paragraph, a line, a sentence or a
    /// word, the first of these that lies in the last quarter of its room.
    private func end(from start: Int, in bytes: [UInt8]) -> Int {
        let room = max(1, tokens) * Self.unitsPerToken
        var (units, place, late) = (0, start, start)
        while place < bytes.count {
            let cost = Self.units(of: bytes[place])
            if units + cost > room, place > start { break }
            units += cost
            if units <= room / 4 * 3 { late = place }
            place += 1
        }
        if place == bytes.count { return place }
        while place > start + 1, Self.isInside(bytes[place]) { place -= 1 }
        return Self.lastBreak(in: bytes, from: max(late, start + 1), to: place) ?? place
    }

    private static func lastBreak(in bytes: [UInt8], from first: Int, to last: Int) -> Int? {
        var (line, sentence, word): (Int?, Int?, Int?)
        var place = last
        while place > first {
            switch bytes[place - 1] {
            case newline:
                if place >= 2, bytes[place - 2] == newline { return place }
                line = line ?? place
            case 0x20, 0x09:
                if place >= 2, sentenceEnds.contains(bytes[place - 2]) {
                    sentence = sentence ?? place
                }
                word = word ?? place
            default: break
            }
            place -= 1
        }
        return line ?? sentence ?? word
    }

    /// Where the next piece begins: so far before the end of the last as pieces overlap, at a
    /// word where there is one.
    private func beginning(before end: Int, after start: Int, in bytes: [UInt8]) -> Int {
        var (units, place) = (0, end)
        while place > start + 1 {
            units += Self.units(of: bytes[place - 1])
            if units > overlap * Self.unitsPerToken { break }
            place -= 1
        }
        while place < end, Self.isInside(bytes[place]) { place += 1 }
        var word = place
        while word < end, bytes[word - 1] > 0x20, word - place < 64 { word += 1 }
        // A long word is cut where the count says.
        return word < end && bytes[word - 1] <= 0x20 ? word : place
    }

    private static let newline = UInt8(ascii: "\n")
    private static let sentenceEnds = Array(".!?:;".utf8)

    private static func isInside(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// What a byte counts: a scalar counts with its first.
    private static func units(of byte: UInt8) -> Int {
        switch byte {
        case 0x00..<0x80: 1
        case 0x80..<0xC0: 0
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }
}
