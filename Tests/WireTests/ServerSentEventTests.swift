import Testing
import Wire

@Suite("A server-sent event")
struct ServerSentEventTests {
    private func text(_ event: ServerSentEvent) -> String {
        var bytes: [UInt8] = []
        event.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("is written with name and data and nothing else")
    func plain() {
        #expect(
            text(ServerSentEvent(name: "done", text: "[DONE]")) == "event: done\ndata: [DONE]\n\n")
        #expect(text(ServerSentEvent(text: "a")) == "data: a\n\n")
        #expect(text(ServerSentEvent(text: "")) == "data: \n\n")
    }

    @Test("is written with its id and retry where it has them")
    func identified() {
        let event = ServerSentEvent(name: "x", data: [0x61], id: "7", retry: 20)
        #expect(text(event) == "event: x\nid: 7\nretry: 20\ndata: a\n\n")
    }

    @Test("cannot forge fields with line ends in its name or id")
    func forged() {
        let event = ServerSentEvent(name: "a\ndata: b", data: [0x61], id: "1\r\n\r\nevent: c")
        #expect(text(event) == "event: adata: b\nid: 1event: c\ndata: a\n\n")
    }

    @Test(
        "comes back as it was written",
        arguments: ["", "a", "a\nb", "\n", "a\n\n", " a", ":", "\u{FEFF}ä"])
    func roundTrip(data: String) throws {
        let event = ServerSentEvent(name: "thread.message.delta", text: data)
        for dialect in [EventDialect.standard, .openAI] {
            var parser = EventParser(dialect: dialect)
            #expect(try parser.feed(text(event).utf8) == [event])
        }
    }

    @Test("has other line ends in its data turned into line feeds")
    func lineEnds() throws {
        var parser = EventParser()
        let events = try parser.feed(text(ServerSentEvent(text: "a\rb\r\nc\r")).utf8)
        #expect(events.map(\.text) == ["a\nb\nc\n"])
    }

    @Test("is the end of the stream only when its data is exactly [DONE]")
    func done() {
        #expect(ServerSentEvent(text: "[DONE]").isDone)
        #expect(!ServerSentEvent(text: "[DONE] ").isDone)
        #expect(!ServerSentEvent(text: "[DONE]malicious").isDone)
    }
}
