import Assistants
import TestSupport
import Testing
import Wire

@Suite("An event read by the one before")
struct LatestEventTests {
    /// Deltas that differ in a text, or seem to.
    private static let deltas: [(name: String, data: String)] =
        [
            #"{"index":0,"type":"text","text":{"value":"a"}}"#,
            #"{"index":0,"type":"text","text":{"value":"long \"\u00e9\n"}}"#,
            #"{"index":0,"type":"text","text":{"value":""}}"#,
            #"{"index":0,"type":"text","text":{"value":"\ud800"}}"#,
            #"{"index":0,"type":"text","text":{"value":"a\"}}]}}"}}"#,
            #"{"index":0,"type":"text","text":{"value":"bad \q escape"}}"#,
            #"{"index":0,"type":"text","text":{"value":null}}"#,
            #"{"index":1,"type":"text","text":{"value":"a"}}"#,
            #"{"index":0,"type":"text","text":{"value":"a","annotations":[{"index":0}]}}"#,
            #"{"index":0,"type":"text","text":{"value":"a"},"text":{}}"#,
            #"{"index":0,"type":"text","text":{"value":"b"},"text":{}}"#,
            #"{"index":0,"type":"text","text":{"value":"a","value":"b"}}"#,
            #"{"index":0,"type":"text","text":{"value":"a","value":null}}"#,
            #"{"index":0,"type":"text","text":{"value":"a"}},{"index":1,"type":"text"}"#,
            #"{"index":0,"type":"refusal","refusal":"a"}"#,
            #"{"index":0,"type":"image_file","image_file":{"file_id":"a"}}"#,
        ].map {
            ("thread.message.delta", #"{"id":"msg_1","delta":{"content":[\#($0)]}}"#)
        }
        + [
            #"{"index":0,"type":"code_interpreter","code_interpreter":{"input":"x"}}"#,
            #"{"index":0,"type":"code_interpreter","code_interpreter":{"input":"y\n"}}"#,
            #"{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}"#,
            #"{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{"}}"#,
            #"{"index":0,"type":"function","function":{"arguments":"x"},"function":{}}"#,
            #"{"index":0,"type":"function","function":{"arguments":"y"},"function":{}}"#,
            #"{"index":0,"function":{"arguments":"x"},"code_interpreter":{"input":null}}"#,
            #"{"index":0,"function":{"arguments":"y"},"code_interpreter":{"input":null}}"#,
            #"{"index":0,"type":"file_search","file_search":{}}"#,
        ].map {
            (
                "thread.run.step.delta",
                #"{"id":"step_1","delta":{"step_details":{"tool_calls":[\#($0)]}}}"#
            )
        }

    @Test("is what it is by itself, whichever came before")
    func pairs() {
        for first in Self.deltas {
            for second in Self.deltas {
                var latest = LatestEvent()
                for (name, data) in [first, second, first, second] {
                    let data = Array(data.utf8)
                    let alone = try? AssistantEvent(name: name, data: data)
                    #expect((try? latest.read(name: name, data: data)) == alone)
                }
                // The same bytes under another name are another event.
                let data = Array(second.data.utf8)
                let other = try? AssistantEvent(name: "thread.message.completed", data: data)
                let read = try? latest.read(name: "thread.message.completed", data: data)
                #expect(read == other)
            }
        }
    }

    @Test("needs only its text to be read where that is all that is new", arguments: [0, 16, 18])
    func quickly(index: Int) throws {
        let (first, second) = (Self.deltas[index], Self.deltas[index + 1])
        var latest = LatestEvent()
        #expect(latest.pattern.text(in: Array(first.data.utf8)) == nil)
        _ = try latest.read(name: first.name, data: Array(first.data.utf8))
        #expect(latest.pattern.text(in: Array(first.data.utf8)) != nil)
        #expect(latest.pattern.text(in: Array(second.data.utf8)) != nil)
    }

    @Test("is what it is by itself in recorded streams", .enabled(if: Fixture.isPresent))
    func recorded() throws {
        for name in try Fixture.names(in: "streams/assistants", suffix: ".sse") {
            var parser = EventParser(dialect: .openAI)
            var latest = LatestEvent()
            let bytes = try Fixture.shared("streams/assistants/" + name)
            let events = try parser.feed(bytes)
            #expect(events.isEmpty == (name == "nonconforming-no-blank-lines.sse"), "\(name)")
            for sent in events {
                let alone = try? AssistantEvent(name: sent.name, data: sent.data)
                let read = try? latest.read(name: sent.name, data: sent.data)
                #expect(read == alone, "\(name): \(sent.name)")
            }
        }
    }
}
