import Testing
import Wire

@Suite("A JSON string")
struct JSONStringTests {
    @Test(
        "has its escapes resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC\uD83D\ude00""#, "Aé€😀"),
            (
                #""long enough to be no small string \n and more""#,
                "long enough to be no small string \n and more"
            ),
            (#""""#, ""), (#""\u0000""#, "\0"),
        ])
    func escapes(json: String, text: String) throws {
        for repairing in [true, false] {
            #expect(try JSONValue(parsing: json, repairing: repairing) == .string(text))
            #expect(
                try JSONValue(parsing: "{\(json):1}", repairing: repairing)
                    == .object([text: 1]))
        }
    }

    @Test(
        "has lone surrogates replaced, or is refused",
        arguments: [
            (#""\uD800""#, "\u{FFFD}"), (#""\uDC00x""#, "\u{FFFD}x"),
            (#""\uD800\u0041""#, "\u{FFFD}A"), (#""\uD800\uD83D\uDE00""#, "\u{FFFD}😀"),
            (#""\uD800\n""#, "\u{FFFD}\n"), (#""\uD83D\uD83D""#, "\u{FFFD}\u{FFFD}"),
        ])
    func surrogates(json: String, text: String) throws {
        #expect(try JSONValue(parsing: json) == .string(text))
        #expect(throws: JSONError.self) { try JSONValue(parsing: json, repairing: false) }
    }

    @Test("has invalid UTF-8 replaced as the standard says, or is refused")
    func invalidBytes() throws {
        let bytes = Array("\"a".utf8) + [0xE2, 0x82, 0xFF, 0xC0, 0x80] + Array("\\n\"".utf8)
        let text = try JSONValue(parsing: bytes).stringValue
        #expect(text == "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\n")
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes, repairing: false) }
        let key = Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)
        #expect(try JSONValue(parsing: key)["\u{FFFD}"] == 1)
        #expect(throws: JSONError.self) { try JSONValue(parsing: key, repairing: false) }
    }

    @Test("is written with no more escapes than it needs")
    func written() {
        #expect(
            JSONValue.string("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é😀\u{2028}").text
                == #""\"\\/\b\f\n\r\t\u0000\u001f"# + "\u{7F}é😀\u{2028}\"")
    }

    @Test("has every control character escaped and read back")
    func controls() throws {
        for code in UInt8(0)..<0x20 {
            let text = String(UnicodeScalar(code))
            let json = JSONValue.string(text).text
            #expect(json.utf8.allSatisfy { $0 >= 0x20 })
            #expect(try JSONValue(parsing: json) == .string(text))
            let digits = "000" + String(code, radix: 16)
            #expect(try JSONValue(parsing: "\"\\u\(digits.suffix(4))\"") == .string(text))
        }
    }
}
