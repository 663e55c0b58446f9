import Testing
import Wire

@Suite("A JSON value")
struct JSONRoundTripTests {
    @Test("is equal to itself after it is written and read")
    func roundTrip() throws {
        var random = RandomJSON(seed: 7)
        for _ in 0..<500 {
            let value = random.value(depth: 4)
            let bytes = value.bytes
            #expect(try JSONValue(parsing: bytes, repairing: true) == value)
            #expect(try JSONValue(parsing: bytes).bytes == bytes)
            #expect(try JSONValue(parsing: value.prettyText) == value)
            var reader = JSONReader(bytes)
            #expect(try reader.rebuiltValue() == value)
            try reader.finish()
        }
    }

    @Test("is written the same by the writer as by itself")
    func writer() {
        var random = RandomJSON(seed: 8)
        for _ in 0..<200 {
            let value = random.value(depth: 4)
            var writer = JSONWriter(appendingTo: Array("data: ".utf8))
            writer.pieces(of: value)
            #expect(writer.bytes == Array("data: ".utf8) + value.bytes)
        }
    }

    @Test(
        "reads numbers as Swift reads their text",
        arguments: [
            "0.1", "-0.0", "1e22", "1e23", "9007199254740993.0", "0.000001",
            "123456789012345678901",
            "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308", "1E+2",
            "3.141592653589793",
            "8.41e21", "9223372036854775808", "-9223372036854775809", "1e-400", "0e1", "1e0000002",
        ])
    func numbers(text: String) throws {
        #expect(try JSONValue(parsing: text) == .double(#require(Double(text))))
    }

    @Test("keeps whole numbers that fit whole")
    func integers() throws {
        #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
        #expect(try JSONValue(parsing: "-0") == .integer(0))
        #expect(JSONValue.integer(.min).text == "-9223372036854775808")
        #expect(JSONValue.integer(-10).text == "-10")
        #expect(JSONValue.double(100).text == "100.0")
    }

    @Test("reads a number out of range as one that only its own field misses")
    func outOfRange() throws {
        let value = try JSONValue(parsing: #"{"a":1e400,"b":-1e400,"c":1}"#)
        #expect(value["a"]?.doubleValue == nil)
        #expect(value["a"]?.integerValue == nil)
        #expect(value["c"] == 1)
        #expect(value.text == #"{"a":1e999,"b":-1e999,"c":1}"#)
        #expect(JSONValue.double(.nan).text == "null")
    }
}

extension JSONWriter {
    /// Writes a value by the calls that an encoder makes.
    fileprivate mutating func pieces(of json: JSONValue) {
        switch json {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { pieces(of: element) }
            endArray()
        case .object(let object):
            beginObject()
            for (name, value) in object {
                key(text: name)
                pieces(of: value)
            }
            endObject()
        }
    }
}
