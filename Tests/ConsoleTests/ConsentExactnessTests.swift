import Assistants
import FoundationEssentials
import Processes
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("What a command is asked about with")
struct ConsentExactnessTests {
    /// Texts that try to look like something else.
    static let texts: [String] =
        [
            "", " ", "  ", "a", "a ", " a", "\u{430}", "e\u{301}", "\u{e9}", "\u{212b}", "\u{c5}",
            "a\nb", "a\\nb", "a\r\nb", "a\tb", "<U+0041>", "A", "<U+003C>U+0041>", "<", "<U", "<U+",
            "\"", "\" \"", "a\" \"b", "\u{202e}cod", "\u{200b}", "\u{a0}", "\u{2003}", "\u{3000}",
            "\u{ad}", "\u{fe0f}", "\u{e0041}", "\u{1b}[2J", "\u{7f}", "\u{85}", "\u{2028}", "\u{0}",
            "l", "I", "1", "\u{ff41}", "\u{1f468}\u{200d}\u{1f469}", "'; rm -rf ~", "$(id)", "`id`",
        ]

    static var hostile: [String] {
        guard Fixture.isPresent, let cases = try? HostileCase.all() else { return texts }
        var all = texts + cases.map(\.text).filter { $0.utf8.count < 400 }
        for name in ["terminal/unicode-spoofing", "files/filenames"] {
            let json = (try? Fixture.shared("suites/malicious/\(name).json")).flatMap {
                try? JSONValue(parsing: $0)
            }
            let list = json?["cases"]?.arrayValue ?? []
            all += list.compactMap { ($0["text"] ?? $0["name"])?.stringValue }
        }
        return all
    }

    @Test("is printable ASCII, and different for different texts")
    func spelling() {
        var seen: [String: [UInt8]] = [:]
        for text in Self.hostile {
            let spelled = ExactText(text).text
            #expect(spelled.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(spelled)")
            if let other = seen[spelled] { #expect(other == Array(text.utf8), "\(spelled)") }
            seen[spelled] = Array(text.utf8)
            #expect(Self.read(spelled) == Array(text.utf8), "\(spelled)")
            #expect(ExactText(text).isPlain == (spelled == text))
        }
        #expect(seen.count >= Self.texts.count)
    }

    @Test("can be read back from its rows, in any width", arguments: [1, 7, 8, 40])
    func rows(width: Int) {
        for text in Self.hostile {
            let rows = ExactText(text).quotedRows(width: width).map {
                $0.map(\.text).joined()
            }
            #expect(rows.joined() == "\"" + ExactText(text).text + "\"")
            #expect(rows.allSatisfy { $0.utf8.count <= width })
            // Blanks at the end of a row can be counted: it is full, or ends with a sign.
            for row in rows where row.hasSuffix(" ") { #expect(row.utf8.count == width) }
        }
    }

    /// The bytes that a spelling stands for.
    private static func read(_ spelled: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = spelled[...]
        while let character = rest.first {
            if rest.hasPrefix("<U+"), let end = rest.firstIndex(of: ">"),
                let value = UInt32(rest[rest.index(rest.startIndex, offsetBy: 3)..<end], radix: 16),
                let scalar = Unicode.Scalar(value)
            {
                bytes += Array(String(Character(scalar)).utf8)
                rest = rest[rest.index(after: end)...]
            } else {
                bytes += Array(String(character).utf8)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }

    @Test("shows it on the screen, and is what runs, byte for byte")
    func runs() async throws {
        let folder = "/tmp/switchboard-consent.\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Writes its arguments, each ended by a null, and its input.
        let script = #"printf '%s\0' "$@" > "$0/arguments"; cat > "$0/input""#
        // No text with a null can be an argument, and the configuration takes none.
        let all = Self.hostile.filter { !$0.utf8.contains(0) }
        let texts =
            LongForms.areAsked
            ? all
            : Self.texts.filter { !$0.utf8.contains(0) }
                + stride(from: Self.texts.count, to: all.count, by: 9).map { all[$0] }
        for start in stride(from: 0, to: texts.count, by: 24) {
            let words = Array(texts[start..<min(start + 24, texts.count)])
            let command = Stage.command(["sh", "-c", script, folder] + words)
            let input = words.joined(separator: "\u{1}")
            let call = Stage.call("call_1", "get_weather", input)
            var stage = Stage.asking(
                ["get_weather": command], calls: [call], rows: 100, columns: 100)
            stage.drawsAlways = false
            let prompt = try #require(stage.question)
            let shown = stage.state.content(of: prompt, columns: 98).rows.map { row in
                row.pieces.dropFirst().map(\.text).joined()
            }
            for word in words {
                let first = ExactText(word).quotedRows(width: 94)[0].map(\.text).joined()
                #expect(shown.contains { $0.hasSuffix(first) }, "\(first)")
            }
            stage.drawsAlways = true
            stage.answerQuestion("y")
            let order = try #require(stage.begun.first)
            #expect(order.input.isExactly(input))
            #expect(order.command.arguments.isExactly(command.arguments))
            let output = await order.command.run(order.input) { try await Task.sleep(for: $0) }
            #expect(output.isEmpty)
            let arguments = try Data(contentsOf: URL(filePath: folder + "/arguments"))
            #expect(Array(arguments) == words.flatMap { Array($0.utf8) + [0] })
            let read = try Data(contentsOf: URL(filePath: folder + "/input"))
            #expect(Array(read) == Array(input.utf8))
        }
    }
}
