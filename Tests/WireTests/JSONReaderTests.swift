import Testing
import Wire

@Suite("A JSON reader")
struct JSONReaderTests {
    private struct Delta: Equatable {
        var id = ""
        var index: Int?
        var text: String?
        var names: [String] = []
    }

    private func delta(_ json: String) throws -> Delta {
        var delta = Delta()
        var reader = JSONReader(Array(json.utf8))
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "id": delta.id = try reader.readString()
            case "index": delta.index = try reader.readIntegerOrNull()
            case "text": delta.text = try reader.readStringOrNull()
            default: delta.names.append(key.text)
            }
        }
        try reader.finish()
        return delta
    }

    @Test("reads the members asked for and skips the others")
    func members() throws {
        let json = #"{"a":[1,{"id":"no"}],"id":"m","index":3,"b":{"c":{}},"text":null,"d":"x"}"#
        #expect(try delta(json) == Delta(id: "m", index: 3, names: ["a", "b", "d"]))
        #expect(try delta(" { } ") == Delta())
        #expect(throws: JSONError.self) { try delta(#"{"id":"m","a":[1,}"#) }
        #expect(throws: JSONError.self) { try delta(#"{"id":"m",}"#) }
        #expect(throws: JSONError.self) { try delta(#"{"id":"m"} x"#) }
        #expect(throws: JSONError.self) { try delta(#"{,"id":"m"}"#) }
    }

    @Test("knows names by literals of any length, escaped or not")
    func keys() throws {
        let long = String(repeating: "x", count: 33)
        var reader = JSONReader(
            Array(#"{"a\u0062":1,"\#(long)":2,"\#(long.dropLast())":3,"":4}"#.utf8))
        var seen: [Int] = []
        try reader.readObject { (key, reader) throws(JSONError) in
            switch key {
            case "ab", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "":
                seen.append(try reader.readInteger())
            default: break
            }
            #expect(key != "abc")
            #expect(key != "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
        }
        #expect(seen == [1, 2, 3, 4])
    }

    @Test("moves nothing when a value is of another kind")
    func kinds() throws {
        var reader = JSONReader(Array(#"[ "x", 1.5, 1e400, null, true, {}, [] ]"#.utf8))
        var texts: [String] = []
        try reader.beginArray()
        while try reader.nextElement() {
            #expect((try? reader.readInteger()) == nil)
            if let text = try? reader.readString() { texts.append(text) }
        }
        try reader.finish()
        #expect(texts == ["x"])
    }

    @Test("skips elements and members left unread, at every depth")
    func unread() throws {
        var reader = JSONReader(Array(#"[[1,[2]],{"a":[3]},[[],[]],4]"#.utf8))
        var depths: [Int] = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard try reader.peek() == .array else { continue }
            var count = 0
            try reader.beginArray()
            while try reader.nextElement() { count += 1 }
            depths.append(count)
        }
        try reader.finish()
        #expect(depths == [2, 2])
    }

    @Test("passes over a byte order mark, and refuses what is not UTF-8")
    func mark() throws {
        #expect(try JSONValue(parsing: "\u{FEFF} {}") == [:])
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) }
    }

    @Test("never traps on damaged text, and all its ways of reading agree")
    func damaged() throws {
        var random = RandomJSON(seed: 9)
        let delta =
            #"{"id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"#
            + #""type":"text","text":{"value":"a \uD83D\uDE00 \n","annotations":[]}}]},"#
            + #""n":[-1.5e3,0,true,null]}"#
        let bases = [Array(delta.utf8)] + (0..<50).map { _ in random.value(depth: 2).bytes }
        var accepted = 0
        for round in 0..<20_000 {
            let text = random.damaged(bases[round % bases.count])
            let value = try? JSONValue(parsing: text)
            let strict = try? JSONValue(parsing: text, repairing: false)
            if value != nil { accepted += 1 }
            if let strict { #expect(strict == value) }
            for (repairing, expected) in [(true, value), (false, strict)] {
                var skipper = JSONReader(text, repairing: repairing)
                let isSkipped = (try? skipper.skipValue()) != nil && (try? skipper.finish()) != nil
                #expect(isSkipped == (expected != nil), "\(String(decoding: text, as: UTF8.self))")
            }
            var reader = JSONReader(text)
            let rebuilt = try? reader.rebuiltValue()
            if let value { #expect(rebuilt == value) }
        }
        #expect(accepted > 1_000)
        #expect(accepted < 19_000)
    }
}
