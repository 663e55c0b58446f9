import TestSupport
import Testing

@testable import TextLayout

@Suite("Width", .enabled(if: Fixture.isPresent)) struct WidthTests {
    static func lines(_ name: String) throws -> [Substring] {
        let text = String(
            decoding: try Fixture.shared("suites/unicode/15.0.0/" + name), as: UTF8.self)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    @Test("agrees with East Asian Width for every scalar")
    func eastAsianWidth() throws {
        var wrong: [String] = []
        var count = 0
        for line in try Self.lines("EastAsianWidth.txt") {
            let fields = line.prefix { $0 != "#" }.split(separator: ";")
            let kind = fields[1].split(separator: " ")[0]
            guard kind == "W" || kind == "F" else { continue }
            let bounds = fields[0].split(separator: ".").compactMap { UInt32($0, radix: 16) }
            for scalar in bounds[0]...(bounds.last ?? bounds[0]) {
                let entry = ScalarTable.unicode[scalar]
                // Unassigned scalars are shown as U+FFFD, marks sit on their base.
                if entry.isUnknown || entry.isMark { continue }
                count += 1
                if entry.width != 2 { wrong.append(String(scalar, radix: 16)) }
            }
        }
        #expect(wrong == [])
        #expect(count > 120_000)
    }

    @Test(
        "of every emoji sequence is the sum of cells that all terminals measure alike"
    )
    func emoji() throws {
        for line in try Self.lines("emoji-test.txt") where line.contains("; fully-qualified") {
            let scalars = line.prefix { $0 != ";" }.split(separator: " ")
                .compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) }
            let source = String(String.UnicodeScalarView(scalars))
            let shown = source.canonicalised
            // Each cell is a base: no joiner, no selector, no skin tone.
            for cell in TextCells(shown) {
                #expect(cell.columns == 1 || cell.columns == 2, "\(line)")
                #expect(cell.range.count <= 4, "\(line)")
            }
            #expect(columns(of: shown) >= 1)
        }
    }

    @Test("breaks clusters where the suite of Unicode 15 says")
    func clusters() throws {
        var failed: [Substring] = []
        var count = 0
        for line in try Self.lines("GraphemeBreakTest.txt") {
            count += 1
            var breaks = ClusterBreaks()
            var ours: [Bool] = []
            var expected: [Bool] = []
            var isBreak = true
            for word in line.prefix(while: { $0 != "#" && $0 != "\t" }).split(separator: " ") {
                if word == "÷" {
                    isBreak = true
                } else if word == "×" {
                    isBreak = false
                } else {
                    guard let scalar = UInt32(word, radix: 16) else { continue }
                    expected.append(isBreak)
                    ours.append(!breaks.joins(scalar, ScalarTable.unicode[scalar]))
                }
            }
            if ours != expected { failed.append(line) }
        }
        #expect(count == 602)
        // The one line that later versions of Unicode changed: U+2701 is no pictograph any more.
        #expect(failed.map { $0.prefix(20) } == ["÷ 2701 × 200D × 2701"])
    }

    @Test("of cells adds up to the width of the text")
    func cells() {
        let text = "aé漢字👍🏽e\u{301}\u{302}🇩🇪 한\u{1161}x".canonicalised
        #expect(TextCells(text).reduce(0) { $0 + $1.columns } == columns(of: text))
        #expect(columns(of: text) == columns(ofUTF8: Array(text.utf8)))
        #expect(TextCells("e\u{301}x").map(\.range) == [0..<3, 3..<4])
    }
}
