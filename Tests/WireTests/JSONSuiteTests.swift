import TestSupport
import Testing
import Wire

@Suite("JSON text", .enabled(if: Fixture.isPresent))
struct JSONSuiteTests {
    private static let folder = "suites/json/JSONTestSuite/test_parsing"

    private func files(_ prefix: String) throws -> [(name: String, bytes: [UInt8])] {
        try Fixture.names(in: Self.folder, suffix: ".json").filter { $0.hasPrefix(prefix) }.map {
            ($0, try Fixture.shared("\(Self.folder)/\($0)"))
        }
    }

    @Test("that every parser must accept is accepted", arguments: [true, false])
    func accepted(repairing: Bool) throws {
        let files = try files("y_")
        #expect(files.count == 95)
        for (name, bytes) in files {
            #expect(throws: Never.self, "\(name)") {
                try JSONValue(parsing: bytes, repairing: repairing)
            }
        }
    }

    @Test("that every parser must refuse is refused", arguments: [true, false])
    func refused(repairing: Bool) throws {
        let files = try files("n_")
        #expect(files.count == 188)
        for (name, bytes) in files {
            #expect(throws: JSONError.self, "\(name)") {
                try JSONValue(parsing: bytes, repairing: repairing)
            }
        }
    }

    @Test("on which parsers differ is taken as the policy says")
    func policy() throws {
        let policy = try JSONValue(parsing: Fixture.shared("suites/json/i_policy.json"))
        let rules = try required(policy["rules"]?.arrayValue)
        let files = try files("i_")
        #expect(files.count == 35)
        for (name, bytes) in files {
            let rule = try #require(Self.rule(for: String(name.dropLast(5)), in: rules), "\(name)")
            let client = try required(rule["client"]?.stringValue)
            let server = try required(rule["server"]?.stringValue)
            let repaired = try? JSONValue(parsing: bytes)
            #expect((repaired == nil) == client.hasPrefix("reject"), "\(name)")
            if client.hasPrefix("replace") {
                #expect(repaired?.text.contains("\u{FFFD}") == true, "\(name)")
            }
            let strict = try? JSONValue(parsing: bytes, repairing: false)
            #expect((strict == nil) == server.hasPrefix("reject"), "\(name)")
        }
    }

    /// The rule that names the file; one without a star is meant before one with.
    private static func rule(for name: String, in rules: [JSONValue]) -> JSONValue? {
        var found: JSONValue?
        for rule in rules {
            for pattern in (rule["match"]?.stringValue ?? "").split(separator: "|") {
                if pattern == name { return rule }
                if found == nil, matches(Substring(name), pattern) { found = rule }
            }
        }
        return found
    }

    /// Whether a name fits a pattern in which `*` stands for anything.
    private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            let rest = pattern.dropFirst()
            return name.indices.contains { matches(name[$0...], rest) } || matches("", rest)
        }
        return name.first == first && matches(name.dropFirst(), pattern.dropFirst())
    }

    @Test("is read by the pull reader exactly as it is by values")
    func reader() throws {
        for (name, bytes) in try files("y_") + files("i_") {
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            var reader = JSONReader(bytes)
            #expect(try reader.rebuiltValue() == value, "\(name)")
            try reader.finish()
            var skipper = JSONReader(bytes)
            try skipper.skipValue()
            try skipper.finish()
        }
    }

    @Test("comes back equal after it is written, compact and pretty")
    func rewritten() throws {
        for (name, bytes) in try files("y_") + files("i_") {
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(try JSONValue(parsing: value.bytes, repairing: true) == value, "\(name)")
            #expect(try JSONValue(parsing: value.prettyText) == value, "\(name)")
        }
    }
}
