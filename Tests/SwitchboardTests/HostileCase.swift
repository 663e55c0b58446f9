import FoundationEssentials
import TestSupport
import Testing
import Wire

/// A text that tries to do something to a terminal.
struct HostileCase: Sendable {
    /// What it tries.
    var name: String
    /// The text, in the pieces in which it comes; not always UTF-8.
    var pieces: [[UInt8]]
    /// What must be readable all the same.
    var shown: [String] = []

    /// The whole text, as it is stored.
    var text: String { String(decoding: pieces.joined(), as: UTF8.self) }

    /// Every case of the shared suites that fits a message.
    static func all() throws -> [HostileCase] {
        let folder = "suites/malicious/terminal/"
        var cases = try list(folder + "escape-sequences.json").map { item in
            let base64 = try #require(item["bytes_base64"]?.stringValue)
            return HostileCase(
                name: item["name"]?.stringValue ?? "",
                pieces: [[UInt8](try #require(Data(base64Encoded: base64)))],
                shown: item["must_still_show"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
        #expect(cases.count > 90)
        cases += try list(folder + "unicode-spoofing.json").map { item in
            let text = try #require(item["text"]?.stringValue)
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

    private static func list(_ path: String) throws -> [JSONValue] {
        try #require(try JSONValue(parsing: Fixture.shared(path))["cases"]?.arrayValue)
    }

    /// The case cut in two at every byte; long ones at three places.
    var cuts: [HostileCase] {
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
    func forbidden(onTerminal isTerminal: Bool = false) -> String? {
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
}
