import Testing
import Wire

@Suite("JSON values and objects")
struct JSONValueTests {
    @Test("tell an absent member from a null one")
    func absent() {
        let value: JSONValue = ["a": nil]
        #expect(value["a"] == .some(.null))
        #expect(value["b"] == nil)
        #expect(value["a"]?.isNull == true)
        #expect(JSONValue.integer(1)["a"] == nil)
    }

    @Test("give elements and kinds, and nil for what is not there")
    func access() {
        let value: JSONValue = ["list": [1, 2.5, "x", true, [:], []]]
        #expect(value["list"]?[1]?.doubleValue == 2.5)
        #expect(value["list"]?[0]?.doubleValue == 1)
        #expect(value["list"]?[6] == nil)
        #expect(value["list"]?[-1] == nil)
        let kinds = value["list"]?.arrayValue?.map(\.kind)
        #expect(kinds == [.number, .number, .string, .bool, .object, .array])
        #expect(JSONValue.double(3).integerValue == 3)
        #expect(JSONValue.double(3.5).integerValue == nil)
        #expect(JSONValue.double(1e300).integerValue == nil)
        #expect(JSONValue.double(-0x1p63).integerValue == .min)
        #expect(JSONValue.double(0x1p63).integerValue == nil)
    }

    @Test("keep the order of members; of two with one name the last value stays")
    func order() throws {
        let value = try JSONValue(parsing: #"{"b":1,"a":2,"b":3}"#)
        #expect(value.text == #"{"b":3,"a":2}"#)
        #expect(value.objectValue?.keys == ["b", "a"])
    }

    @Test("are equal whatever the order of members")
    func equality() {
        let one: JSONValue = ["a": 1, "b": 2]
        let other: JSONValue = ["b": 2, "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != ["a": 1])
        #expect(one != ["a": 1, "b": 3])
        #expect(one != ["a": 1, "c": 2])
    }

    @Test("set, replace and remove members, few or many", arguments: [3, 16, 17, 100])
    func members(count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["k\(number)"] = .integer(number) }
        object["k1"] = "new"
        object.removeValue(forKey: "k0")
        object["k2"] = nil
        object.removeValue(forKey: "none")
        #expect(object.count == count - 2)
        #expect(object["k1"] == "new")
        #expect(object["k0"] == nil)
        #expect(object["k2"] == nil)
        for number in 3..<count { #expect(object["k\(number)"] == .integer(number)) }
        #expect(object.keys.first == "k1")
        object["k0"] = 0
        #expect(object.keys.last == "k0")
    }

    @Test("are drawn for people with two spaces a level")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": [:], "d": []]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test("say where the text is wrong")
    func errors() {
        #expect(throws: JSONError("expected a digit", offset: 6)) {
            try JSONValue(parsing: #"{"a":-}"#)
        }
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[1 2]") }
        #expect(error?.description == "The JSON is not valid at byte 3: expected ',' or ']'.")
    }
}
