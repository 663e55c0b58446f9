import Assistants
import TestSupport
import Testing
import Wire

/// The recorded scenarios of `golden-callbacks.json`, all of them, served by a script behind our
/// server: each is the stream of the thread that has its name.
struct GoldenScenarios {
    /// Their names.
    let names: [String]
    /// What is served.
    let service = ScriptedService()
    private let scenarios: JSONObject

    init() throws {
        scenarios = try #require(
            try JSONValue(parsing: Fixture.shared("contract/golden-callbacks.json")).objectValue)
        names = scenarios.map(\.key)
        for (name, scenario) in scenarios {
            service.stream(try Self.events(scenario) + [.done], on: name)
        }
    }

    /// What an SDK made of a scenario.
    func golden(_ name: String, _ sdk: String) throws -> JSONValue {
        try #require(scenarios[name]?[sdk])
    }

    /// The events of a scenario.
    func events(of name: String) throws -> [AssistantEvent] {
        try Self.events(#require(scenarios[name]))
    }

    private static func events(_ scenario: JSONValue) throws -> [AssistantEvent] {
        try (scenario["sse"]?.arrayValue ?? []).map { pair in
            let name = try #require(pair[0]?.stringValue)
            let data = try #require(pair[1])
            // Our server wraps an error; the flat form is another server's, and is sent as it is.
            if name == "error", data["error"] == nil {
                return .unknown(name: name, data: data.bytes)
            }
            return try AssistantEvent(name: name, data: data.bytes)
        }
    }
}

extension JSONValue {
    /// A recorded callback as our wire makes it: there a search always has its results, and the
    /// hand-made recording has none.
    var asOnOurWire: String { text.replacing(#""results":[]"#, with: "") }
}
