import Assistants
import Testing
import Wire

@Suite("A filter by attributes") struct AttributeFilterTests {
    private let attributes: JSONObject = ["author": "Ann", "year": 2024, "draft": false]

    private func matches(_ json: JSONValue) throws -> Bool {
        let filter = try AttributeFilter(json: json)
        #expect(try AttributeFilter(json: filter.json) == filter)
        return filter.matches(attributes)
    }

    @Test("compares texts, numbers and booleans")
    func comparisons() throws {
        let table: [(String, String, JSONValue, Bool)] = [
            ("eq", "author", "Ann", true), ("eq", "author", "Bob", false),
            ("eq", "year", 2024.0, true), ("eq", "draft", false, true),
            ("eq", "year", "2024", false), ("eq", "none", "x", false),
            ("ne", "author", "Bob", true), ("ne", "author", "Ann", false),
            ("ne", "none", "x", true), ("gt", "year", 2023, true), ("gt", "year", 2024, false),
            ("gte", "year", 2024, true), ("lt", "year", 2024.5, true), ("lte", "year", 2023, false),
            ("lt", "author", "Bob", true), ("gt", "author", 1, false), ("gt", "none", 1, false),
            ("in", "author", ["Bob", "Ann"], true), ("in", "year", [1, 2], false),
            ("in", "none", ["x"], false), ("nin", "year", [1, 2], true),
            ("nin", "author", ["Ann"], false), ("nin", "none", ["x"], true),
        ]
        for (type, key, value, wanted) in table {
            let json: JSONValue = ["type": .string(type), "key": .string(key), "value": value]
            #expect(try matches(json) == wanted, "\(json.text)")
        }
    }

    @Test("joins filters with and, and with or")
    func compounds() throws {
        let yes: JSONValue = ["type": "eq", "key": "author", "value": "Ann"]
        let no: JSONValue = ["type": "eq", "key": "author", "value": "Bob"]
        #expect(try matches(["type": "and", "filters": [yes, yes]]))
        #expect(try !matches(["type": "and", "filters": [yes, no]]))
        #expect(try matches(["type": "or", "filters": [no, yes]]))
        #expect(try !matches(["type": "or", "filters": [no, ["type": "and", "filters": [no]]]]))
    }

    @Test("says where it cannot be read, however deep it lies")
    func refusals() {
        let table: [(JSONValue, String, String)] = [
            (["type": "like", "key": "a", "value": "b"], "filters.type", "invalid_value"),
            (["type": "eq", "value": "b"], "filters.key", "missing_required_parameter"),
            (["type": "and", "filters": ["x"]], "filters.filters[0]", "invalid_type"),
            ("x", "filters", "invalid_type"),
        ]
        for (json, param, code) in table {
            #expect {
                _ = try AttributeFilter(json: json)
            } throws: {
                ($0 as? APIError)?.param == param && ($0 as? APIError)?.code == code
            }
        }
        var deep: JSONValue = ["type": "eq", "key": "a", "value": 1]
        for _ in 0..<200 { deep = ["type": "and", "filters": [deep]] }
        #expect(throws: APIError.self) { _ = try AttributeFilter(json: deep) }
    }
}
