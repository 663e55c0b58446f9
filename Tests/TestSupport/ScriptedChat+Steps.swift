import Wire

// The steps of an answer as chat completions have them.
extension [LoopbackServer.Step] {
    /// A whole answer as a stream, a chunk a piece.
    package static func chat(_ pieces: String...) -> Self { chat(pieces) }

    /// A whole answer as a stream, a chunk a piece.
    package static func chat(_ pieces: [String], finish: String = "stop") -> Self {
        streamHead + pieces.flatMap(delta) + chatEnd(finish)
    }

    /// A stream of these parts.
    package static func stream(_ parts: Self...) -> Self {
        streamHead + parts.flatMap { $0 }
    }

    /// Where the answer waits for the test's `step()`.
    package static var pause: Self { [.hold] }

    /// Where the server says nothing more, until the connection is closed.
    package static var silence: Self { [.waitForClose] }

    /// One paragraph for each number, each a piece: `line 1` and so on.
    package static func lines(_ range: ClosedRange<Int>, words: String = "") -> Self {
        range.flatMap { Self.delta("line \($0)\(words)\n\n") }
    }

    /// One piece of an answer's text.
    package static func delta(_ text: String) -> Self {
        choice(["delta": ["content": .string(text)], "finish_reason": nil])
    }

    /// One piece of an answer's text as a careless server sends it: what is not UTF-8 stays so.
    package static func delta(bytes: [UInt8]) -> Self {
        var event = [UInt8](#"data: {"choices":[{"index":0,"delta":{"content":""#.utf8)
        for byte in bytes {
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"):
                let digits = String(byte, radix: 16)
                event += [UInt8]("\\u00\(byte < 16 ? "0" : "")\(digits)".utf8)
            default: event.append(byte)
            }
        }
        event += [UInt8](#""},"finish_reason":null}]}"#.utf8) + [UInt8]("\n\n".utf8)
        let size = [UInt8]("\(String(event.count, radix: 16))\r\n".utf8)
        return [.send(size + event + [UInt8]("\r\n".utf8))]
    }

    /// A call of a function, whole.
    package static func call(
        _ name: String, _ arguments: String, id: String = "call_1", index: Int = 0
    ) -> Self {
        choice([
            "finish_reason": nil,
            "delta": [
                "tool_calls": [
                    [
                        "index": .integer(index), "id": .string(id), "type": "function",
                        "function": ["name": .string(name), "arguments": .string(arguments)],
                    ]
                ]
            ],
        ])
    }

    /// The end of an answer and of the stream.
    package static func chatEnd(_ finish: String) -> Self {
        choice(["delta": [:], "finish_reason": .string(finish)])
            + chunk("data: [DONE]\n\n") + streamEnd
    }

    private static func choice(_ choice: JSONObject) -> Self {
        var choice = choice
        choice["index"] = 0
        let json: JSONValue = [
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
            "model": "scripted", "choices": [.object(choice)],
        ]
        return chunk("data: \(json.text)\n\n")
    }
}
