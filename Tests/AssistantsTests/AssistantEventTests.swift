import Assistants
import TestSupport
import Testing
import Wire

@Suite("An assistant event")
struct AssistantEventTests {
    @Test("knows all 25 names of the contract")
    func names() {
        #expect(Set(AssistantEvent.knownNames).count == 25)
    }

    @Test("is kept as it came when its name is not known")
    func unknown() throws {
        let data = Array(#"{"id":"x","new":true}"#.utf8)
        let event = try AssistantEvent(name: "thread.run.reheated", data: data)
        #expect(event == .unknown(name: "thread.run.reheated", data: data))
        #expect(event.data == data)
    }

    @Test("keeps unknown fields and enum values of an object")
    func unknownFields() throws {
        let text = #"{"id":"run_1","status":"simmering","thread_id":"t","recipe":{"a":[1]}}"#
        let event = try AssistantEvent(name: "thread.run.queued", data: Array(text.utf8))
        guard case .run(.queued, let run) = event else {
            Issue.record("Not a run: \(event)")
            return
        }
        #expect(run.status == .unknown("simmering"))
        #expect(run.unknown["recipe"] == ["a": [1]])
        #expect(run.json["status"] == "simmering")
        #expect(run.json["recipe"] == ["a": [1]])
    }

    @Test("that cannot be read is a clear error", arguments: AssistantEvent.knownNames)
    func unreadable(name: String) throws {
        if name == "done" || name == "error" { return }
        for broken in ["", "{", "[]", "null", "7", #"{"object":"x"}"#, #"{"id":7}"#] {
            let error = #expect(throws: APIError.self) {
                try AssistantEvent(name: name, data: Array(broken.utf8))
            }
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test("of a failed stream is read in both forms")
    func errors() throws {
        for text in [
            #"{"error":{"message":"m","type":"server_error","param":null,"code":null}}"#,
            #"{"message":"m","type":"server_error","param":null,"code":null}"#,
        ] {
            let event = try AssistantEvent(name: "error", data: Array(text.utf8))
            #expect(event == .error(APIError(status: 500, message: "m")))
        }
        let plain = try AssistantEvent(name: "error", data: Array("Bad gateway".utf8))
        #expect(plain == .error(APIError(status: 500, message: "Bad gateway")))
    }

    @Test("written and read again is the same", .enabled(if: Fixture.isPresent))
    func roundTrip() throws {
        for name in try Fixture.names(in: "streams/assistants", suffix: ".sse") {
            var parser = EventParser(dialect: .openAI)
            guard
                let events = try? parser.feed(Fixture.shared("streams/assistants/" + name)),
                !name.hasPrefix("nonconforming")
            else { continue }
            for sent in events {
                let event = try AssistantEvent(name: sent.name, data: sent.data)
                let again = try AssistantEvent(name: event.name, data: event.data)
                #expect(again == event, "\(name): \(sent.name)")
            }
        }
    }
}

@Suite("An object of the API", .enabled(if: Fixture.isPresent))
struct ObjectTests {
    /// The recorded objects and how they are read; lists are read element by element.
    private static let kinds:
        [(object: String, rewrite: @Sendable (JSONValue) throws -> JSONValue)] =
            [
                ("assistant", { try Assistant(json: $0).json }),
                ("thread", { try Thread(json: $0).json }),
                ("thread.message", { try Message(json: $0).json }),
                ("thread.run", { try Run(json: $0).json }),
                ("thread.run.step", { try RunStep(json: $0).json }),
            ]

    @Test("loses no field of what really was sent")
    func recorded() throws {
        var count = 0
        for name in try Fixture.names(in: "streams/json", suffix: ".json") {
            let json = try JSONValue(parsing: Fixture.shared("streams/json/" + name))
            for object in json["data"]?.arrayValue ?? [json] {
                guard
                    let kind = Self.kinds.first(where: {
                        $0.object == object["object"]?.stringValue
                    })
                else { continue }
                let written = try kind.rewrite(object)
                count += 1
                #expect(missing(from: written, of: object, at: name) == [])
            }
        }
        #expect(count > 30)
    }

    /// The paths of what `original` says and `written` does not.
    private func missing(
        from written: JSONValue?, of original: JSONValue, at path: String
    ) -> [String] {
        switch original {
        case .null: return []
        case .object(let members):
            return members.flatMap { member in
                missing(
                    from: written?[member.key], of: member.value, at: path + "." + member.key)
            }
        case .array(let elements):
            return elements.enumerated().flatMap { index, element in
                missing(from: written?[index], of: element, at: path + "[\(index)]")
            }
        default:
            let same =
                written == original
                || (written?.doubleValue != nil && written?.doubleValue == original.doubleValue)
            return same ? [] : [path]
        }
    }
}
