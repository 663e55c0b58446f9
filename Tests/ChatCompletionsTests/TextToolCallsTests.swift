import ChatCompletions
import Testing
import Wire

@Suite("Calls in a model's text") struct TextToolCallsTests {
    /// The answer to a text that comes in pieces of `size` characters.
    private func answer(
        _ text: String, tools: Set<String> = ["f", "g"], size: Int = 3
    ) -> ChatAnswer {
        var reader = ChatStreamReader(toolsInText: tools, makeID: { "call_made" })
        var answer = ChatAnswer()
        var rest = text[...]
        while !rest.isEmpty {
            let chunk: JSONValue = [
                "choices": [["delta": ["content": .string(String(rest.prefix(size)))]]]
            ]
            let line = "data: \(chunk.text)\n\n"
            for event in reader.feed(Array(line.utf8)) { answer.add(event) }
            rest = rest.dropFirst(size)
        }
        for event in reader.feed(Array("data: [DONE]\n\n".utf8)) { answer.add(event) }
        return answer
    }

    @Test(
        "are read in the wrappers that models use",
        arguments: [
            ("<tool_call>\n{\"name\":\"f\",\"arguments\":{\"a\":1}}\n</tool_call>", [#"f{"a":1}"#]),
            (
                #"""
                 <tool_call>{"name":"f","arguments":"{}"}</tool_call>
                <tool_call>{"name":"g"}
                """#, ["f{}", "g{}"]
            ),
            ("```json\n{\"name\":\"g\",\"parameters\":{\"b\":[]}}\n```\n", [#"g{"b":[]}"#]),
            (
                #"[TOOL_CALLS][{"name":"f","arguments":{}},{"name":"g","arguments":{}}]"#,
                ["f{}", "g{}"]
            ),
            (#"[TOOL_CALLS]f[ARGS]{"x": 2}"#, [#"f{"x": 2}"#]),
            (#"[TOOL_CALLS] g{"x": 2}"#, [#"g{"x": 2}"#]),
        ])
    func wrappers(text: String, calls: [String]) {
        for size in [1, 4, 1_000] {
            let answer = answer(text, size: size)
            #expect(answer.toolCalls.map { $0.name + $0.arguments } == calls)
            #expect(answer.toolCalls.allSatisfy { $0.id == "call_made" })
            #expect(answer.text.isEmpty)
            #expect(answer.finish == .toolCalls)
        }
    }

    @Test(
        "stay text where anything is not as it should be",
        arguments: [
            "Look: <tool_call>{\"name\":\"f\"}</tool_call>",
            "<tool_call>{\"name\":\"h\"}</tool_call>",
            "<tool_call>{\"name\":\"f\"}</tool_call> and more", "```json\n{\"name\":1}\n```",
            "[TOOL_CALLS]", "[TOOL_CALLS][{\"name\":\"f\"},3]", "[TOOL_CALLS]f", "<tool_call>{",
            "[TOOL",
            "```js", " \n", "plain",
        ])
    func text(text: String) {
        for size in [1, 4, 1_000] {
            let answer = answer(text, size: size)
            #expect(answer.text == text)
            #expect(answer.toolCalls.isEmpty && answer.finish == .stop)
        }
    }

    @Test("are not looked for unless that was asked for")
    func off() {
        let text = #"<tool_call>{"name":"f"}</tool_call>"#
        #expect(answer(text, tools: []).text == text)
    }
}
