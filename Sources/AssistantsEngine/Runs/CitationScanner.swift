/// Finds citation markers such as `【4:0†notes.txt】` in a text that comes in pieces.
///
/// What may become a marker is held back until it closes, turns out to be none, or is too long.
/// The slip `[4:0†notes.txt]`, which models make, is taken for a marker too.
struct CitationScanner: Hashable, Sendable {
    /// A stretch of text, or a marker with the search and the passage it names.
    enum Piece: Hashable, Sendable {
        case text(String)
        case marker(String, search: Int, passage: Int)
    }

    /// The longest marker, in Unicode scalars; longer ones are text.
    static let markerLimit = 64

    private var held: [Unicode.Scalar] = []

    /// Takes in more text and gives what is certain now.
    mutating func feed(_ text: String) -> [Piece] {
        if held.isEmpty, !text.utf8.contains(where: { $0 == 0xE3 || $0 == UInt8(ascii: "[") }) {
            return text.isEmpty ? [] : [.text(text)]
        }
        var pieces: [Piece] = []
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !held.isEmpty {
                held.append(scalar)
                switch Self.verdict(on: held) {
                case .open: continue
                case .marker(let search, let passage):
                    if !plain.isEmpty { pieces.append(.text(String(plain))) }
                    plain = String.UnicodeScalarView()
                    pieces.append(.marker(Self.text(held), search: search, passage: passage))
                    held = []
                    continue
                case .none:
                    held.removeLast()
                    plain.append(contentsOf: held)
                    held = []
                }
            }
            if scalar == "【" || scalar == "[" { held.append(scalar) } else { plain.append(scalar) }
        }
        if !plain.isEmpty { pieces.append(.text(String(plain))) }
        return pieces
    }

    /// Gives what is still held back, as text.
    mutating func finish() -> String {
        defer { held = [] }
        return Self.text(held)
    }

    private enum Verdict {
        case open, none
        case marker(search: Int, passage: Int)
    }

    /// What a text that begins with an opening mark is: `[digits:digits†anything]`, so far.
    private static func verdict(on text: [Unicode.Scalar]) -> Verdict {
        if text.count > markerLimit { return .none }
        let closing: Unicode.Scalar = text.first == "[" ? "]" : "】"
        var rest = text.dropFirst()
        guard let search = number(&rest) else { return rest.isEmpty ? .open : .none }
        guard let colon = rest.popFirst() else { return .open }
        guard colon == ":" else { return .none }
        guard let passage = number(&rest) else { return rest.isEmpty ? .open : .none }
        guard let dagger = rest.popFirst() else { return .open }
        guard dagger == "†" else { return .none }
        if rest.last == closing { return .marker(search: search, passage: passage) }
        return rest.contains("\n") || rest.contains("【") ? .none : .open
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private static func number(_ text: inout ArraySlice<Unicode.Scalar>) -> Int? {
        let digits = text.prefix { "0"..."9" ~= $0 }
        if digits.isEmpty || digits.count > 4 { return nil }
        text = text.dropFirst(digits.count)
        return Int(Self.text(digits))
    }
}
