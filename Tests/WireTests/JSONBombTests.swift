import Testing
import Wire

@Suite("A JSON bomb")
struct JSONBombTests {
    /// Whether a text is accepted; all ways to read it must agree.
    private func isAccepted(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isValue = (try? JSONValue(parsing: bytes)) != nil
        var reader = JSONReader(bytes)
        let isSkipped = (try? reader.skipValue()) != nil && (try? reader.finish()) != nil
        #expect(isValue == isSkipped)
        return isValue
    }

    private func times(_ count: Int, _ text: String) -> String {
        String(repeating: text, count: count)
    }

    @Test("of nesting is refused past the limit", arguments: [100, 512, 513, 10_000, 1_000_000])
    func nesting(depth: Int) {
        let isAllowed = depth <= JSONReader.depthLimit
        #expect(isAccepted(times(depth, "[") + times(depth, "]")) == isAllowed)
        #expect(isAccepted(times(depth, #"{"a":"#) + "1" + times(depth, "}")) == isAllowed)
    }

    @Test("of containers that never end is refused", arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func open(text: String) {
        #expect(!isAccepted(times(300_000, text)))
    }

    @Test("of one long string is read", arguments: ["a", #"\u0041"#, #"\\"#, "€"])
    func strings(text: String) throws {
        let json = "\"" + times(200_000, text) + "\""
        let expected = try #require(JSONValue(parsing: "\"\(text)\"").stringValue)
        #expect(try JSONValue(parsing: json).stringValue == times(200_000, expected))
        #expect(!isAccepted(String(json.dropLast())))
        #expect(isAccepted("{\(json):1}"))
    }

    @Test("of one long number is read")
    func numbers() throws {
        #expect(try JSONValue(parsing: times(100_000, "1")) == .double(.infinity))
        #expect(try JSONValue(parsing: "0." + times(100_000, "1")) == .double(1.0 / 9))
        #expect(try JSONValue(parsing: "1e" + times(100_000, "9")) == .double(.infinity))
        #expect(try JSONValue(parsing: "1e-" + times(100_000, "9")) == .double(0))
        let zeros = times(100_000, "0")
        #expect(try JSONValue(parsing: "0." + zeros + "1e100001") == .double(1))
        #expect(try JSONValue(parsing: "0." + zeros + "1e10000100") == .double(.infinity))
    }

    @Test("of many small values is read")
    func values() throws {
        let nulls = "[" + times(100_000, "null,") + "{}]"
        #expect(try JSONValue(parsing: nulls).arrayValue?.count == 100_001)
        #expect(isAccepted("[" + times(50_000, "{},[[]],") + "{}]"))
        let keys = (0..<50_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSONValue(parsing: "{\(keys)}")["k49999"] == 49_999)
        let same = times(50_000, "\"k\":1,") + "\"k\":2"
        #expect(try JSONValue(parsing: "{\(same)}") == ["k": 2])
        #expect(isAccepted(times(1_000_000, " ") + "{}" + times(1_000, "\n")))
    }
}
