import FoundationEssentials
import TestSupport
import Testing
import Wire

/// A text that tries to do something to a terminal.
struct HostileText: Sendable {
    /// What it tries.
    var name: String
    /// The text, in the pieces in which it comes; not always UTF-8.
    var pieces: [[UInt8]]
    /// What must be readable all the same.
    var shown: [String] = []

    /// The whole text, as it is stored.
    var text: String { String(decoding: pieces.joined(), as: UTF8.self) }

    /// Every case of the shared suites that fits a message.
    static func all() throws -> [HostileText] {
        let folder = "suites/malicious/terminal/"
        var cases = try list(folder + "escape-sequences.json").map { item in
            let base64 = try #require(item["bytes_base64"]?.stringValue)
            return HostileText(
                name: item["name"]?.stringValue ?? "",
                pieces: [[UInt8](try #require(Data(base64Encoded: base64)))],
                shown: item["must_still_show"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
        #expect(cases.count > 90)
        cases += try list(folder + "unicode-spoofing.json").map { item in
            let text = try #require(item["text"]?.stringValue)
            return HostileText(name: item["name"]?.stringValue ?? "", pieces: [Array(text.utf8)])
        }
        cases += try list(folder + "split-across-deltas.json").compactMap { item in
            let deltas = item["deltas"]?.arrayValue?.compactMap(\.stringValue)
            return deltas.map {
                HostileText(
                    name: item["name"]?.stringValue ?? "", pieces: $0.map { Array($0.utf8) })
            }
        }
        return cases
    }

    /// Those that fit a name or a title, each cut to 200 scalars and not empty.
    static func short() throws -> [String] {
        try all().map { String(String.UnicodeScalarView($0.text.unicodeScalars.prefix(200))) }
            .filter { !$0.isEmpty }
    }

    private static func list(_ path: String) throws -> [JSONValue] {
        try #require(try JSONValue(parsing: Fixture.shared(path))["cases"]?.arrayValue)
    }

    /// The case in two pieces, cut at a share of its length.
    func cut(at share: Double) -> HostileText {
        let bytes = Array(pieces.joined())
        var cut = self
        let place = Int(Double(bytes.count) * share)
        cut.pieces = [Array(bytes[..<place]), Array(bytes[place...])]
        return cut
    }
}

extension [UInt8] {
    /// What in these bytes a console must never send while it shows a text; nil when nothing.
    ///
    /// It may move the cursor, style, erase parts of rows, scroll, begin and end a frame, link, and
    /// give the window a title; it may neither ask nor set anything else.
    func forbiddenInFrames() -> String? {
        guard let text = String(validating: self, as: UTF8.self) else { return "invalid UTF-8" }
        let styles = #/\x1B\[(?:0|1|2|3|4|7|9|2[2-9]|[349][0-9]|10[0-7]|[345]8[;:][0-9;:]*|;|:)*m/#
        let moves = #/\x1B\[[0-9;]*[ABCDGHdKXP@LMSTrb]|\x1B\[J|\x1B[M78]|\x1B\(B|\x0F/#
        let frames = #/\x1B\[\?(?:2026|25)[hl]/#
        let links = #/\x1B\]8;[a-z0-9=:]*;([!-~]*)\x1B\\/#
        let titles = #/\x1B\]2;([^\x00-\x1F\x7F-\x9F]*)\x1B\\/#
        let rest = text.replacing(links) { $0.1 }.replacing(titles) { $0.1 }
            .replacing(frames, with: "").replacing(moves, with: "").replacing(styles, with: "")
        for (place, scalar) in rest.unicodeScalars.enumerated() {
            switch scalar.value {
            case 0x08, 0x0A, 0x0D: break
            case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x202A...0x202E,
                0x2066...0x2069, 0xE0000...0xE007F:
                let around = rest.unicodeScalars.dropFirst(Swift.max(0, place - 20)).prefix(50)
                return "U+\(String(scalar.value, radix: 16)) in "
                    + String(String.UnicodeScalarView(around)).debugDescription
            default: break
            }
        }
        return nil
    }
}
