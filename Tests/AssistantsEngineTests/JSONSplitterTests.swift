import Testing

@testable import AssistantsEngine

@Suite("A file of saved objects") struct JSONSplitterTests {
    private func objects(_ text: String, by size: Int = .max) throws -> [String] {
        var splitter = JSONSplitter()
        var objects: [[UInt8]] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            objects += try splitter.feed(bytes.prefix(size))
            bytes = bytes.dropFirst(size)
        }
        try splitter.finish()
        return objects.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("is cut into its objects, however it comes")
    func shapes() throws {
        let table: [(String, [String])] = [
            ("{\"a\":1}\n{\"b\":[2,{}]}\n", ["{\"a\":1}", "{\"b\":[2,{}]}"]),
            ("[{\"a\":1}, {\"b\":\"]}\\\"{\"}]", ["{\"a\":1}", "{\"b\":\"]}\\\"{\"}"]),
            (
                "{\"object\":\"list\",\"data\":[{\"a\":{\"data\":[1]}},{}],"
                    + "\"x\":{\"y\":{}},\"l\":[{}]}",
                ["{\"a\":{\"data\":[1]}}", "{}"]
            ),
            ("{\"object\" : \"list\", \"data\" : [ {\"a\": 1} ]}", ["{\"a\": 1}"]),
            ("\u{FEFF}{\"a\":\"data\",\"b\":[1]}", ["{\"a\":\"data\",\"b\":[1]}"]),
            ("{\"data\":\"text\",\"b\":[{}]}", ["{\"data\":\"text\",\"b\":[{}]}"]),
            ("{\"data\":[{\"a\":1}]}{\"data\":[{\"b\":1}]}", ["{\"a\":1}", "{\"b\":1}"]),
            ("", []), ("[]", []), ("{\"object\":\"list\",\"data\":[]}", []),
        ]
        for (text, wanted) in table {
            for size in [1, 2, 3, 7, Int.max] {
                #expect(try objects(text, by: size) == wanted, "\(text)")
            }
        }
    }

    @Test("is told to be broken", arguments: ["{\"a\":1", "[{\"a\":\"", "hello", "\"x\"", "1 2"])
    func broken(text: String) {
        #expect(throws: JSONSplitter.Failure.self) { _ = try objects(text) }
    }
}
