import FoundationEssentials
import Wire

/// A text that tries to do something to a terminal.
package struct HostileCase: Sendable {
    /// What it tries.
    package var name: String
    /// The text, in the pieces in which it comes; not always UTF-8.
    package var pieces: [[UInt8]]
    /// What must be readable all the same.
    package var shown: [String] = []

    /// A suite lacks what it is known to have.
    private struct Incomplete: Error {}

    /// The whole text, as it is stored.
    package var text: String { String(decoding: pieces.joined(), as: UTF8.self) }

    /// The pieces as strings of JSON, with the bytes that are no text as they are.
    package var jsonPieces: [[UInt8]] {
        pieces.map { piece in
            var json = [UInt8(ascii: "\"")]
            for byte in piece {
                switch byte {
                case 0..<0x20:
                    json += Array("\\u00\(byte < 16 ? "0" : "")".utf8)
                    json += Array(String(byte, radix: 16).utf8)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
                default: json.append(byte)
                }
            }
            return json + [UInt8(ascii: "\"")]
        }
    }

    /// The text as it is read when each piece is made text for itself.
    package var repairedText: String {
        pieces.map { String(decoding: $0, as: UTF8.self) }.joined()
    }

    /// Every case of the shared suites for event streams: a name, and the bytes.
    package static func eventStreams() throws -> [HostileCase] {
        var cases: [HostileCase] = []
        for name in ["chromium-parser", "eventsource-parser", "openai-dialect", "wpt-eventsource"] {
            cases += try list("suites/sse/\(name).json").map { item in
                let base64 = try found(item["input_base64"]?.stringValue)
                return HostileCase(
                    name: item["name"]?.stringValue ?? "",
                    pieces: [[UInt8](try found(Data(base64Encoded: base64)))])
            }
        }
        cases += try list("suites/sse/line-decoder.json").map { item in
            let chunks = try found(item["chunks"]?.arrayValue).compactMap(\.stringValue)
            return HostileCase(name: chunks.joined(), pieces: chunks.map { Array($0.utf8) })
        }
        guard cases.count > 120 else { throw Incomplete() }
        return cases
    }

    /// Every case of the shared suites that fits a message.
    package static func all() throws -> [HostileCase] {
        let folder = "suites/malicious/terminal/"
        var cases = try list(folder + "escape-sequences.json").map { item in
            let base64 = try found(item["bytes_base64"]?.stringValue)
            return HostileCase(
                name: item["name"]?.stringValue ?? "",
                pieces: [[UInt8](try found(Data(base64Encoded: base64)))],
                shown: item["must_still_show"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
        guard cases.count > 90 else { throw Incomplete() }
        cases += try list(folder + "unicode-spoofing.json").map { item in
            let text = try found(item["text"]?.stringValue)
            return HostileCase(name: item["name"]?.stringValue ?? "", pieces: [Array(text.utf8)])
        }
        cases += try list(folder + "split-across-deltas.json").compactMap { item in
            let deltas = item["deltas"]?.arrayValue?.compactMap(\.stringValue)
            return deltas.map {
                HostileCase(
                    name: item["name"]?.stringValue ?? "", pieces: $0.map { Array($0.utf8) })
            }
        }
        return cases
    }

    /// Those that fit a name or a title, each cut to 200 scalars and not empty.
    package static func short() throws -> [String] {
        try all().map { String(String.UnicodeScalarView($0.text.unicodeScalars.prefix(200))) }
            .filter { !$0.isEmpty }
    }

    private static func list(_ path: String) throws -> [JSONValue] {
        try found(try JSONValue(parsing: Fixture.shared(path))["cases"]?.arrayValue)
    }

    private static func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Incomplete() }
        return value
    }

    /// The case in two pieces, cut at a share of its length.
    package func cut(at share: Double) -> HostileCase {
        let bytes = Array(pieces.joined())
        var cut = self
        let place = Int(Double(bytes.count) * share)
        cut.pieces = [Array(bytes[..<place]), Array(bytes[place...])]
        return cut
    }

    /// The case cut in two at every byte; long ones at three places.
    package var cuts: [HostileCase] {
        let bytes = Array(pieces.joined())
        let step = bytes.count < 600 ? 1 : bytes.count / 3
        return stride(from: 1, to: max(2, bytes.count), by: step).map { place in
            var cut = self
            cut.pieces = [Array(bytes[..<min(place, bytes.count)]), Array(bytes.dropFirst(place))]
            return cut
        }
    }
}

extension [UInt8] {
    /// What in these bytes a terminal would obey, or could be deceived by; nil when nothing.
    ///
    /// A terminal gets a carriage return before each line feed by its own settings.
    package func forbidden(onTerminal isTerminal: Bool = false) -> String? {
        guard let text = String(validating: self, as: UTF8.self) else { return "invalid UTF-8" }
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if previous == "\r", scalar != "\n" { return "a lone carriage return" }
            switch scalar.value {
            case 0x0D where isTerminal: break
            case 0x00..<0x09, 0x0B..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F,
                0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F:
                return "U+\(String(scalar.value, radix: 16))"
            default: break
            }
            previous = scalar
        }
        return nil
    }

    /// What in these bytes a console must never send while it shows a text; nil when nothing.
    ///
    /// It may move the cursor, style, erase parts of rows, scroll, begin and end a frame, link, and
    /// give the window a title; it may neither ask nor set anything else.
    package func forbiddenInFrames() -> String? {
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
