import TestSupport
import Testing
import Wire

@testable import TextLayout

@Suite("Malicious text", .enabled(if: Fixture.isPresent)) struct MaliciousTextTests {
    /// What must never reach a cell. A line feed only separates rows.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x61C: true
        case 0x200B, 0x200D, 0x2060, 0xFEFF, 0xFE0E, 0xFE0F, 0xE0000...0xE0FFF: true
        default: false
        }
    }

    static func isClean(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        return !text.unicodeScalars.contains(where: isForbidden)
    }

    static func cases() throws -> [(name: String, bytes: [UInt8], shown: [String])] {
        var result: [(String, [UInt8], [String])] = []
        let folder = "suites/malicious/terminal/"
        let escapes = try JSONValue(parsing: Fixture.shared(folder + "escape-sequences.json"))
        for value in escapes["cases"]?.arrayValue ?? [] {
            let shown = value["must_still_show"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let bytes = decodeBase64(value["bytes_base64"]?.stringValue ?? "")
            result.append((value["name"]?.stringValue ?? "", bytes, shown))
        }
        let spoofs = try JSONValue(parsing: Fixture.shared(folder + "unicode-spoofing.json"))
        for value in spoofs["cases"]?.arrayValue ?? [] {
            let text = value["text"]?.stringValue ?? ""
            result.append((value["name"]?.stringValue ?? "", Array(text.utf8), []))
        }
        let splits = try JSONValue(parsing: Fixture.shared(folder + "split-across-deltas.json"))
        for value in splits["cases"]?.arrayValue ?? [] {
            let deltas = value["deltas"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let encoded = value["bytes_base64"]?.arrayValue?.compactMap(\.stringValue) ?? []
            let bytes = deltas.flatMap { Array($0.utf8) } + encoded.flatMap(decodeBase64)
            result.append((value["name"]?.stringValue ?? "", bytes, []))
        }
        return result
    }

    static func decodeBase64(_ text: String) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text.utf8 {
            guard let value = digits.firstIndex(of: byte) else { continue }
            bits = (bits << 6 | value) & 0xFFFFFF
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(bits >> count & 0xFF))
            }
        }
        return result
    }

    /// Every split of a case of usual size; a few of a huge one, all with the long forms.
    static func step(_ count: Int) -> Int { count < 3000 || LongForms.areAsked ? 1 : count / 8 }

    @Test("never puts a forbidden byte into a cell, wherever it is cut")
    func neverForbidden() throws {
        let cases = try Self.cases()
        #expect(cases.count > 120)
        for (name, bytes, shown) in cases {
            for mode in [TextMode.prose, .code, .name] {
                let whole = canonical([bytes], mode)
                #expect(Self.isClean(whole), "\(name)")
                let text = String(decoding: whole, as: UTF8.self)
                for wanted in shown { #expect(text.contains(wanted), "\(name): \(wanted)") }
                let step = Self.step(bytes.count)
                for split in stride(from: 0, through: bytes.count, by: step) {
                    let pieces = [Array(bytes[..<split]), Array(bytes[split...])]
                    #expect(canonical(pieces, mode) == whole, "\(name) at \(split)")
                }
            }
        }
    }

    @Test("never reaches a row of Markdown, at any moment of the stream")
    func neverInMarkdown() throws {
        let frames = ["", "```\n", "| a | b |\n|---|---|\n| x | ", "- ", "> **", "[x](http://a/"]
        for (name, bytes, shown) in try Self.cases() {
            for frame in frames where bytes.count < 3000 || frame.isEmpty || LongForms.areAsked {
                var text = MarkdownText()
                text.append(frame.utf8)
                let step = max(3, bytes.count / 8)
                for piece in Chunks(bytes).pieces(of: step) {
                    text.append(piece)
                    let lines = text.lines(width: 60)
                    #expect(lines.allSatisfy(Self.isClean), "\(name) in \(frame)")
                }
                text.finish()
                let lines = text.lines(width: 60)
                #expect(lines.allSatisfy(Self.isClean), "\(name) in \(frame)")
                if frame.isEmpty {
                    let all = lines.map(\.text).joined()
                    for wanted in shown { #expect(all.contains(wanted), "\(name): \(wanted)") }
                }
            }
        }
    }

    private static func isClean(_ line: Line) -> Bool {
        let isLinkClean = line.spans.allSatisfy { span in
            span.link?.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ?? true
        }
        return isLinkClean && isClean(Array(line.text.utf8)) && !line.text.utf8.contains(0x0A)
    }

    @Test("shows each spoof of the list as a visible mark in names and code")
    func spoofsAreVisible() throws {
        for name in [
            "\u{202E}", "\u{2066}", "\u{2068}", "\u{200E}", "\u{61C}", "\u{200D}", "\u{2060}",
            "\u{FEFF}", "\u{180E}", "\u{FFA0}", "\u{FFFC}",
        ] {
            let digits = String(name.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
            let shown = ("admin" + name + "istrator").canonicalised(as: .name)
            let mark = "<U+" + String(repeating: "0", count: 4 - digits.utf8.count) + digits + ">"
            #expect(shown == "admin\(mark)istrator")
        }
    }
}
