import Wire

// How parts of an object take in a delta in place: each lets go of its text before appending, so
// that the text is held once and not copied.

extension MessageContent {
    /// A part that begins with a delta; annotations are added after.
    init(_ content: MessageDelta.Content) {
        switch content {
        case .text(let value, _): self = .text(MessageText(value))
        case .refusal(let value): self = .refusal(value)
        case .whole(let content): self = content
        }
    }

    mutating func appendText(_ more: String) -> Bool {
        guard case .text(var text) = self else { return false }
        self = .refusal("")
        text.value += more
        self = .text(text)
        return true
    }

    mutating func appendRefusal(_ more: String) -> Bool {
        guard case .refusal(var text) = self else { return false }
        self = .refusal("")
        text += more
        self = .refusal(text)
        return true
    }
}

extension ToolCall {
    /// An empty call of the kind that a delta adds to.
    init(startOf delta: ToolCallDelta) {
        let kind: Kind =
            switch delta.kind {
            case .codeInterpreter: .codeInterpreter(input: "", outputs: [])
            case .fileSearch: .fileSearch(rankingOptions: nil, results: [])
            case .function: .function(name: "", arguments: "", output: nil)
            case .unknown(let json): .unknown(json)
            }
        self.init(id: delta.id ?? "", kind: kind)
    }

    mutating func append(name: String?, arguments: String?, output: String?) -> Bool {
        guard case .function(var ownName, var ownArguments, var ownOutput) = kind else {
            return false
        }
        kind = .unknown(.null)
        if let name { ownName += name }
        if let arguments { ownArguments += arguments }
        ownOutput.append(output)
        kind = .function(name: ownName, arguments: ownArguments, output: ownOutput)
        return true
    }
}

extension CodeOutput {
    /// Takes in more of the same output; anything but logs comes whole.
    mutating func append(_ more: CodeOutput) {
        guard case .logs(let rest) = more, case .logs(var logs) = self else {
            self = more
            return
        }
        self = .unknown(.null)
        logs += rest
        self = .logs(logs)
    }
}
