import Settings
import Testing

@Suite("A file with random edits") struct FuzzTests {
    @Test("never traps: it gives a value or an error with a reason", arguments: 0..<4)
    func mutations(part: Int) throws {
        let theme = Array(try page("themes/dark.yaml").utf8)
        var random = SplitMix(seed: 20_261_121 + UInt64(part))
        for round in 0..<5_000 {
            let source = round.isMultiple(of: 2) ? Array(theme.prefix(1_200)) : settings
            let bytes = mutated(source, &random)
            let isTheme = round.isMultiple(of: 2)
            do {
                if isTheme {
                    _ = try ThemeFile(bytes: bytes, file: "f")
                } else {
                    _ = try ConfigurationFile(bytes: bytes, file: "f")
                }
            } catch {
                #expect(
                    !error.problems.isEmpty && error.problems.allSatisfy { !$0.message.isEmpty })
            }
        }
    }

    @Test("never traps on what killed other ways into the library", arguments: poisons)
    func poison(text: String) {
        let file = try? ConfigurationFile(bytes: Array(text.utf8), file: "f")
        #expect(file == nil || file == ConfigurationFile())
        let theme = try? ThemeFile(bytes: Array(text.utf8), file: "f")
        #expect(theme?.styles.isEmpty != false)
    }
}

private let poisons = [
    "[e, ?{f: g}]", "[e, {f: g}:]", "a: [e, ?{f: g}]", "{a: [e, {f: g}:]}",
    String(repeating: "[", count: 50_000), String(repeating: "{a: ", count: 10_000),
    String(repeating: "- ", count: 10_000), "? ? ? ? x", "&a [*a]", "a: *b", "!!binary x",
    "%YAML 9.9\n--- a", "a\n---\nb", "\u{FEFF}\u{FEFF}a", "x: |\n\t\n", "\"\\xZZ\": 1",
    "<<: [1, {2: 3}]\nx: 1", "=: 1",
]

private let settings = Array(
    """
    # Settings.
    model:
      url: http://localhost:8080/v1
      name: "gpt-oss:20b"
      discovery: false
    assistant: 'Analyst'
    theme: light
    layout: side
    mouse: false
    frame-rate: 30
    keys: {preset: emacs, bind: {thread-new: [F7, "C-x n"], stop: C-c, help: []}}
    run:
      deadline: 1h30m
    """.utf8)

/// Bytes that mean something to a reader of YAML.
private let alphabet =
    Array(
        "{}[]:,-?&*!|>%@`'\"#\\ \n\t~<=.0x9aé\u{85}\u{2028}".utf8) + [0, 0x80, 0xFF, 0x1B]

private func mutated(_ source: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = source
    for _ in 0..<Int.random(in: 1...6, using: &random) {
        guard !bytes.isEmpty else { break }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        case 1:
            bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
        case 2: bytes.remove(at: place)
        case 3:
            let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
            let target = Int.random(in: 0..<bytes.count, using: &random)
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: target)
        default: bytes.removeLast(min(bytes.count, Int.random(in: 0...60, using: &random)))
        }
    }
    return bytes
}

/// A generator whose whole sequence follows from its seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
