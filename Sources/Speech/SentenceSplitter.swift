import TextLayout

/// Cuts a growing Markdown text into pieces that can be spoken one after the other.
///
/// A piece is whole sentences: at least `shortest` characters, so that the voice has something to
/// go by, but the first may be short, so that it is heard soon. None is longer than `longest`.
package struct SentenceSplitter: Sendable {
    /// The fewest characters of the first piece, and of every other one.
    static let shortest = (first: 15, other: 40)
    /// The most characters of a piece.
    static let longest = 300

    private var text = SpokenMarkdown()
    /// Sentences that are too short by themselves.
    private var held = ""
    private var isFirst = true
    /// Whether something came that may complete a sentence.
    private var mayHaveMore = false
    private var sinceLast = 0
    /// The last three bytes, and whether a sign that may end a sentence was the last but blanks.
    private var lastBytes: UInt32 = 0
    private var isAfterEnd = false

    /// An empty text.
    package init() {}

    /// Appends text.
    package mutating func append(_ utf8: some Collection<UInt8>) {
        text.append(utf8)
        sinceLast += utf8.count
        if sinceLast > Self.longest { mayHaveMore = true }
        for byte in utf8 { look(at: byte) }
    }

    /// A sentence is known to be over by what follows it; only then is the text looked at, which
    /// costs its open paragraph.
    private mutating func look(at byte: UInt8) {
        lastBytes = (lastBytes << 8 | UInt32(byte)) & 0xFF_FFFF
        switch (byte, lastBytes) {
        case (0x0A, _): mayHaveMore = true
        case (0x2E, _), (0x21, _), (0x3F, _): isAfterEnd = true
        // … 。 ！ ？
        case (_, 0xE2_80A6), (_, 0xE3_8082), (_, 0xEF_BC81), (_, 0xEF_BC9F): isAfterEnd = true
        case (0x20, _), (0x80...0xBF, _): break
        default:
            if isAfterEnd { mayHaveMore = true }
            isAfterEnd = false
        }
    }

    /// The text is complete.
    package mutating func finish() {
        text.finish()
        mayHaveMore = true
    }

    /// The next piece, as soon as it is known where it ends; nil when there is none yet.
    package mutating func next() -> String? {
        guard mayHaveMore else { return nil }
        while let passage = text.passage() {
            let room = Self.longest - held.count - (held.isEmpty ? 0 : 1)
            guard let cut = SentenceEnd.find(in: passage, limit: Self.longest) else { break }
            let piece = String(decoding: passage.bytes[..<cut], as: UTF8.self).trimmed
            // What does not fit any more comes by itself, after what was held.
            if !held.isEmpty, piece.count > room { return release() }
            text.take(cut, of: passage)
            if piece.isEmpty { continue }
            held += held.isEmpty || held.endsWide ? piece : " " + piece
            if cut == passage.bytes.count, passage.endsParagraph { held.endSentence() }
            if held.count >= (isFirst ? Self.shortest.first : Self.shortest.other) {
                return release()
            }
        }
        mayHaveMore = false
        sinceLast = 0
        return text.isFinished && !held.isEmpty ? release() : nil
    }

    private mutating func release() -> String {
        defer { held = "" }
        isFirst = false
        return held
    }
}

extension String {
    /// Without blanks around it.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// A heading or an item of a list is spoken as a sentence.
    fileprivate mutating func endSentence() {
        guard let last, !endsWide, last.isLetter || last.isNumber || last == ")" || last == "\""
        else { return }
        append(".")
    }

    /// Whether it ends with an ideograph or a sign of their width, after which no blank is put.
    fileprivate var endsWide: Bool { (unicodeScalars.last?.value ?? 0) >= 0x2E80 }
}
