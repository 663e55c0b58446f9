/// Replaces the marks that models put for citations, `【4:0†notes.txt】`, by their number: `【1】`.
///
/// Takes bytes however they are cut and holds back what may still become a mark. Texts without
/// marks pass unchanged.
struct CitationMarks: Hashable, Sendable {
    /// A source that a text names, by its number.
    struct Source: Hashable, Sendable {
        var mark: [UInt8]
        var name: String
    }

    /// The sources in the order in which they first came; the first has number 1.
    private(set) var sources: [Source] = []
    private var held: [UInt8] = []

    /// Longer texts in lenticular brackets are no marks.
    private static let limit = 200
    private static let open: [UInt8] = [0xE3, 0x80, 0x90]
    private static let close: [UInt8] = [0xE3, 0x80, 0x91]
    private static let dagger: [UInt8] = [0xE2, 0x80, 0xA0]

    /// Takes more of the text and appends what can be shown of it.
    mutating func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            if held.isEmpty, byte != Self.open[0] {
                output.append(byte)
                continue
            }
            held.append(byte)
            settle(to: &output)
        }
    }

    /// Appends what was held back. The text ends here.
    mutating func finish(to output: inout [UInt8]) {
        output += held
        held = []
    }

    /// The text with each number replaced by the mark that it stands for.
    func restored(_ text: String) -> String {
        if sources.isEmpty { return text }
        var bytes = Array(text.utf8)
        for (place, source) in sources.enumerated().reversed() {
            let number = Self.open + Array("\(place + 1)".utf8) + Self.close
            var result: [UInt8] = []
            var rest = bytes[...]
            while let range = Array(rest).firstRange(of: number) {
                result += rest.prefix(range.lowerBound) + source.mark
                rest = rest.dropFirst(range.upperBound)
            }
            bytes = result + rest
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func settle(to output: inout [UInt8]) {
        if held.count <= 3 {
            if !Self.open.starts(with: held) { release(to: &output) }
            return
        }
        if held.suffix(3).elementsEqual(Self.close) {
            output += number(of: held) ?? held
            held = []
        } else if held.count > Self.limit || held.last == 0x0A {
            release(to: &output)
        }
    }

    /// What was held is no mark; a new one may begin at its last byte.
    private mutating func release(to output: inout [UInt8]) {
        let last = held.last == Self.open[0] && held.count > 1 ? [Self.open[0]] : []
        output += held.dropLast(last.count)
        held = last
    }

    private mutating func number(of mark: [UInt8]) -> [UInt8]? {
        guard let start = mark.firstRange(of: Self.dagger)?.upperBound else { return nil }
        let number: Int
        if let known = sources.firstIndex(where: { $0.mark == mark }) {
            number = known + 1
        } else {
            let name = String(decoding: mark[start..<mark.count - 3], as: UTF8.self)
            sources.append(Source(mark: mark, name: name))
            number = sources.count
        }
        return Self.open + Array("\(number)".utf8) + Self.close
    }
}

extension [UInt8] {
    /// The first place where these bytes stand.
    fileprivate func firstRange(of bytes: [UInt8]) -> Range<Int>? {
        guard !bytes.isEmpty, count >= bytes.count else { return nil }
        for start in 0...(count - bytes.count) where self[start...].starts(with: bytes) {
            return start..<start + bytes.count
        }
        return nil
    }
}
