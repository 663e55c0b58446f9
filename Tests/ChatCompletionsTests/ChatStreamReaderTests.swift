import ChatCompletions
import Testing

@Suite("A chat stream reader") struct ChatStreamReaderTests {
    private func read(
        _ chunks: [String], end: String = "data: [DONE]\n\n"
    ) -> ([ChatEvent], ChatStreamReader) {
        var reader = ChatStreamReader(makeID: { "call_made" })
        let text = chunks.map { "data: \($0)\n\n" }.joined() + end
        let events = reader.feed(Array(text.utf8)) + reader.finish()
        return (events, reader)
    }

    private func deltas(_ deltas: [String]) -> [ChatEvent] {
        let chunks = deltas.map { #"{"choices":[{"index":0,"delta":\#($0)}]}"# }
        return read(chunks).0.filter {
            switch $0 {
            case .started, .finished: false
            default: true
            }
        }
    }

    private func call(
        _ index: Int, _ id: String?, _ name: String?, _ arguments: String
    ) -> ChatEvent {
        .toolCall(ChatToolCallDelta(index: index, id: id, name: name, arguments: arguments))
    }

    @Test("makes an id for a call without one")
    func missingID() {
        #expect(
            deltas([#"{"tool_calls":[{"function":{"name":"f","arguments":"{}"},"id":""}]}"#])
                == [call(0, "call_made", "f", "{}")])
    }

    @Test("keeps two whole calls apart that come under one number")
    func sameIndex() {
        #expect(
            deltas([
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]}"#,
                #"{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"2"}}]}"#,
            ]) == [call(0, "a", "f", "1"), call(1, "b", "f", "2")])
    }

    @Test("adds to one call although its id changes without a name")
    func changingID() {
        #expect(
            deltas([
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}"#,
                #"{"tool_calls":[{"index":0,"id":"b","function":{"arguments":"}"}}]}"#,
            ]) == [call(0, "a", "f", "{"), call(0, nil, nil, "}")])
    }

    @Test("tells calls without numbers apart by their ids and names")
    func noIndex() {
        #expect(
            deltas([
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"1"}}]}"#,
                #"{"tool_calls":[{"function":{"arguments":"2"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"f","arguments":"3"}}]}"#,
                #"{"tool_calls":[{"id":"a","function":{"arguments":"4"}}]}"#,
                #"{"tool_calls":[{"function":{"name":"g","arguments":"5"}}]}"#,
            ]) == [
                call(0, "a", "f", "1"), call(0, nil, nil, "2"), call(1, "b", "f", "3"),
                call(0, nil, nil, "4"), call(2, "call_made", "g", "5"),
            ])
    }

    @Test("holds arguments back until the function's name is there")
    func lateName() {
        #expect(
            deltas([
                #"{"tool_calls":[{"index":3,"id":"a","function":{"arguments":"{"}}]}"#,
                #"{"tool_calls":[{"index":3,"function":{"name":"f","arguments":"}"}}]}"#,
            ]) == [call(0, "a", "f", "{}")])
    }

    @Test("takes arguments that are no string, and the form before tool calls")
    func forms() {
        #expect(
            deltas([
                #"""
                {"tool_calls":[{"index":0,"id":"a","function":{"name":"f",\#
                "arguments":{"a":1}}}]}
                """#
            ]) == [call(0, "a", "f", #"{"a":1}"#)])
        #expect(
            deltas([
                #"{"function_call":{"name":"f","arguments":"{"}}"#,
                #"{"function_call":{"arguments":"}"}}"#,
            ]) == [call(0, "call_made", "f", "{"), call(0, nil, nil, "}")])
    }

    @Test(
        "survives numbers out of range and values of another kind",
        arguments: [
            #"{"tool_calls":[{"index":-1,"id":"a","function":{"name":"f"}}]}"#,
            #"{"tool_calls":[{"index":9223372036854775808,"id":"a","function":{"name":"f"}}]}"#,
            #"{"tool_calls":[{"index":1e300,"id":"a","function":{"name":"f"}}]}"#,
            #"{"tool_calls":[{"index":"0","id":"a","function":{"name":"f","arguments":null}}]}"#,
            #"""
            {"tool_calls":[null,1,"x",[],{"id":"a","type":7,"function":{"name":"f",\#
            "arguments":5}}]}
            """#,
        ])
    func oddCalls(delta: String) {
        #expect(deltas([delta]).first == call(0, "a", "f", ""))
    }

    @Test("passes over choices, deltas and usages that are none")
    func oddChunks() {
        let (events, reader) = read([
            #"{"choices":null}"#, #"{"choices":{}}"#, #"{"choices":[null,3]}"#,
            #"{"choices":[{"delta":null}]}"#, #"{"choices":[{"delta":[]}]}"#,
            #"{"choices":[{"index":"x","delta":{"content":5}}]}"#,
            #"""
            {"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":1e400,\#
            "total_tokens":"x"}}
            """#,
            #"{"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}"#,
        ])
        #expect(events.contains(.text("ok")))
        #expect(reader.failure == nil)
        #expect(reader.usage == nil)
    }

    @Test("takes usage in parts from wherever it is")
    func usage() {
        let (events, _) = read([
            #"""
            {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,\#
            "completion_tokens":null}}
            """#,
            #"""
            {"choices":[],"usage":{"completionTokens":4,\#
            "completion_tokens_details":{"reasoning_tokens":2},\#
            "prompt_tokens_details":{"cached_tokens":1}}}
            """#,
        ])
        #expect(
            events.dropLast().last
                == .usage(
                    ChatUsage(
                        promptTokens: 3, completionTokens: 4, totalTokens: 7, cachedTokens: 1,
                        reasoningTokens: 2)))
    }

    @Test(
        "takes a leading thought out of the text, however it is cut",
        arguments: 1...24)
    func thinkTag(size: Int) {
        let text = Array(" \n<think>\nA <b>…</think\u{0301}> no</think>\n\nText <think>x</think>")
        let pieces = stride(from: 0, to: text.count, by: size).map {
            String(text[$0..<min($0 + size, text.count)])
        }
        var answer = ChatAnswer()
        for event in deltas(pieces.map { #"{"content":"\#($0.replacing("\n", with: "\\n"))"}"# }) {
            answer.add(event)
        }
        #expect(answer.reasoning == "A <b>…</think\u{0301}> no")
        #expect(answer.text == "Text <think>x</think>")
    }

    @Test("leaves text alone that only looks like a thought for a moment")
    func noThinkTag() {
        #expect(deltas([#"{"content":"<thi"}"#, #"{"content":"s> is"}"#]) == [.text("<this> is")])
        #expect(deltas([#"{"content":"  "}"#, #"{"content":"a"}"#]) == [.text("  a")])
        #expect(deltas([#"{"content":"<think"}"#]) == [.text("<think")])
        #expect(
            deltas([#"{"content":"<think>ab</thi"}"#]) == [.reasoning("ab"), .reasoning("</thi")])
    }

    @Test("does not say the same reasoning twice")
    func reasoningOnce() {
        let delta = #"{"reasoning":"a","reasoning_content":"a","reasoning_details":[{"text":"a"}]}"#
        #expect(deltas([delta]) == [.reasoning("a")])
    }

    @Test(
        "names the end in one word",
        arguments: [
            ("stop", FinishReason.stop), ("eos_token", .stop), ("length", .length),
            ("content_filter", .contentFilter), ("tool_calls", .toolCalls),
            ("odd", .unknown("odd")),
        ])
    func finish(text: String, reason: FinishReason) {
        let (events, reader) = read([#"{"choices":[{"delta":{},"finish_reason":"\#(text)"}]}"#])
        #expect(events.last == .finished(reason))
        #expect(reader.finishText == text)
    }

    @Test("says that functions are to be called although the server says stop")
    func stopWithCalls() {
        let (events, _) = read([
            #"""
            {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f"}}]},\#
            "finish_reason":"stop"}]}
            """#
        ])
        #expect(events.last == .finished(.toolCalls))
    }

    @Test(
        "says when an answer is not complete",
        arguments: [
            "", ": ping\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_rea",
        ])
    func incomplete(text: String) {
        var reader = ChatStreamReader()
        _ = reader.feed(Array(text.utf8)) + reader.finish()
        #expect(reader.failure?.kind == .incomplete)
    }

    @Test(
        "says when an answer is none of chat completions",
        arguments: ["<html>x</html>", "data: nonsense\n\n", "{\"a\":1}", "{", "data: [1]\n\n"])
    func badResponse(text: String) {
        var reader = ChatStreamReader()
        _ = reader.feed(Array(text.utf8)) + reader.finish()
        #expect(reader.failure?.kind == .badResponse)
    }

    @Test("bounds what a hostile server makes it keep")
    func bounds() {
        let entries = (0..<300).map { #"{"index":\#($0),"id":"i\#($0)","function":{"name":"f"}}"# }
        let chunk = #"{"choices":[{"delta":{"tool_calls":[\#(entries.joined(separator: ","))]}}]}"#
        #expect(read([chunk]).1.failure?.kind == .badResponse)
        var whole = ChatStreamReader()
        _ = whole.feed(Array("{".utf8))
        let block = [UInt8](repeating: 0x20, count: 1 << 20)
        for _ in 0..<17 { _ = whole.feed(block) }
        #expect(whole.failure?.kind == .badResponse)
        var event = ChatStreamReader()
        _ = event.feed(Array("data: ".utf8))
        for _ in 0..<17 { _ = event.feed(block) }
        #expect(event.failure?.kind == .badResponse)
    }
}
