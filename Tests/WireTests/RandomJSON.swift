import Wire

/// Makes JSON values and damages JSON text, the same way in every run.
struct RandomJSON {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// A value nested no deeper than this.
    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth == 0 ? 6 : 9), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int(truncatingIfNeeded: generator.next()) >> small(64))
        case 3: return .double(double())
        case 4, 5: return .string(string())
        case 6, 7:
            return .object(
                JSONObject((0..<small(20)).map { _ in (string(), value(depth: depth - 1)) }))
        default: return .array((0..<small(8)).map { _ in value(depth: depth - 1) })
        }
    }

    /// Text with a few bytes changed, removed, doubled or put in.
    mutating func damaged(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0...small(3) {
            let place = text.isEmpty ? 0 : small(text.count)
            switch small(5) {
            case 0 where !text.isEmpty: text[place] = byte()
            case 1 where !text.isEmpty: text.remove(at: place)
            case 2 where !text.isEmpty: text.removeSubrange(place...)
            case 3: text.insert(contentsOf: text[place...].prefix(small(20)), at: place)
            default: text.insert(byte(), at: place)
            }
        }
        return text
    }

    private mutating func small(_ limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &generator)
    }

    /// Any byte, but more often one that means something in JSON.
    private mutating func byte() -> UInt8 {
        let meaningful = Array("{}[]\",:\\u0019aeE+-.ntf \n\u{7F}\u{0}".utf8)
        let random = UInt8.random(in: 0...255, using: &generator)
        return meaningful.randomElement(using: &generator).map { small(3) == 0 ? random : $0 } ?? 0
    }

    private mutating func double() -> Double {
        switch small(4) {
        case 0: return Double(small(2_000) - 1_000) / 8
        case 1: return Double(small(1_000_000)) * 1e-7
        case 2: return Double.random(in: -1e30...1e30, using: &generator)
        default:
            let value = Double(bitPattern: generator.next())
            return value.isNaN ? -0.0 : value
        }
    }

    private mutating func string() -> String {
        let pieces = [
            "a", "b\"", "\\", "\n", "\u{0}", "\u{1F}", "\u{7F}", "/", "ä", "€", "😀", "\u{2028}",
            "e\u{301}", "\r\n",
        ]
        return (0..<small(12)).map { _ in pieces[small(pieces.count)] }.joined()
    }
}
