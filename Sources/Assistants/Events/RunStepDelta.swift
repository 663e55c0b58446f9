public import Wire

/// What a run step grew by (`CONTRACT.md` 9).
public struct RunStepDelta: Hashable, Sendable {
    /// What the details grew by.
    public enum Details: Hashable, Sendable {
        case messageCreation(messageID: Message.ID)
        case toolCalls([ToolCallDelta])
        /// Details this version does not know, as they came.
        case unknown(JSONValue)
    }

    /// The step that grew.
    public var id: RunStep.ID
    public var details: Details

    /// Makes a delta.
    public init(id: RunStep.ID, details: Details) {
        self.id = id
        self.details = details
    }

    /// Takes in the delta that follows, so that this one stands for both; false when the two
    /// cannot be told as one.
    public mutating func merge(_ next: RunStepDelta) -> Bool {
        guard case .toolCalls(let others) = next.details, case .toolCalls(var calls) = details
        else { return false }
        details = .unknown(.null)  // Lets go of the list, so that texts are appended in place.
        for other in others {
            guard let last = calls.lastIndex(where: { $0.index == other.index }),
                calls[last].merge(other)
            else {
                calls.append(other)
                continue
            }
        }
        details = .toolCalls(calls)
        return true
    }

    /// The delta as it is on the wire.
    public var json: JSONValue {
        let json: JSONValue =
            switch details {
            case .messageCreation(let id):
                ["type": "message_creation", "message_creation": ["message_id": .string(id)]]
            case .toolCalls(let calls):
                ["type": "tool_calls", "tool_calls": .array(calls.map(\.json))]
            case .unknown(let json): json
            }
        return [
            "id": .string(id), "object": "thread.run.step.delta", "delta": ["step_details": json],
        ]
    }
}

/// What one tool call grew by.
public struct ToolCallDelta: Hashable, Sendable {
    /// What came.
    public enum Kind: Hashable, Sendable {
        /// Code to add, and outputs with their places; nil where a key was absent.
        case codeInterpreter(input: String?, outputs: [IndexedOutput])
        /// A search comes whole.
        case fileSearch(rankingOptions: JSONValue?, results: [FileSearchResult])
        /// A name and arguments to add, and an output; nil where a key was absent.
        case function(name: String?, arguments: String?, output: String?)
        /// A tool this version does not know, as it came.
        case unknown(JSONValue)
    }

    /// An output of code and its place in the list.
    public struct IndexedOutput: Hashable, Sendable {
        public var index: Int
        public var output: CodeOutput

        /// Makes an indexed output.
        public init(index: Int, output: CodeOutput) {
            self.index = index
            self.output = output
        }
    }

    /// The call's place in the step.
    public var index: Int
    /// The call's id, in its first delta.
    public var id: String?
    public var kind: Kind

    /// Makes a delta.
    public init(index: Int, id: String? = nil, kind: Kind) {
        self.index = index
        self.id = id
        self.kind = kind
    }

    mutating func merge(_ next: ToolCallDelta) -> Bool {
        guard mergeCode(next.kind) || mergeFunction(next.kind) else { return false }
        id = next.id ?? id
        return true
    }

    private mutating func mergeCode(_ next: Kind) -> Bool {
        guard case .codeInterpreter(let more, let others) = next,
            case .codeInterpreter(var input, var outputs) = kind
        else { return false }
        kind = .unknown(.null)  // Lets go of the texts, so that they are appended in place.
        input.append(more)
        for other in others {
            guard let last = outputs.indices.last, outputs[last].index == other.index,
                case .logs(let rest) = other.output, case .logs(var logs) = outputs[last].output
            else {
                outputs.append(other)
                continue
            }
            outputs[last].output = .unknown(.null)
            logs += rest
            outputs[last].output = .logs(logs)
        }
        kind = .codeInterpreter(input: input, outputs: outputs)
        return true
    }

    private mutating func mergeFunction(_ next: Kind) -> Bool {
        guard case .function(let moreName, let moreArguments, let moreOutput) = next,
            case .function(var name, var arguments, var output) = kind
        else { return false }
        kind = .unknown(.null)
        name.append(moreName)
        arguments.append(moreArguments)
        output.append(moreOutput)
        kind = .function(name: name, arguments: arguments, output: output)
        return true
    }

    /// The delta as it is on the wire.
    var json: JSONValue {
        var object: JSONObject = ["index": .integer(index)]
        if let id { object["id"] = .string(id) }
        switch kind {
        case .codeInterpreter(let input, let outputs):
            var body: JSONObject = [:]
            if let input { body["input"] = .string(input) }
            if !outputs.isEmpty || id != nil { body["outputs"] = .array(outputs.map(\.json)) }
            object["type"] = "code_interpreter"
            object["code_interpreter"] = .object(body)
        case .fileSearch(let options, let results):
            var body: JSONObject = [:]
            if let options { body["ranking_options"] = options }
            body["results"] = .array(results.map(\.json))
            object["type"] = "file_search"
            object["file_search"] = .object(body)
        case .function(let name, let arguments, let output):
            var body: JSONObject = [:]
            if let name { body["name"] = .string(name) }
            if let arguments { body["arguments"] = .string(arguments) }
            if id != nil || output != nil { body["output"] = JSONValue(output) }
            object["type"] = "function"
            object["function"] = .object(body)
        case .unknown(let json): return json
        }
        return .object(object)
    }
}

extension ToolCallDelta.IndexedOutput {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["index": .integer(index)]
        for member in output.json.objectValue ?? [:] { object[member.key] = member.value }
        return .object(object)
    }
}

extension String? {
    /// Adds a text; nil adds nothing, and nil and a text is the text.
    mutating func append(_ more: String?) {
        guard let more else { return }
        if self == nil { self = more } else { self?.append(more) }
    }
}
