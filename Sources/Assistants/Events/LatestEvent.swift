package import Wire

/// What came last in a stream, to read the next event by it: most deltas are of the same object as
/// the event before, and differ from the delta before by nothing but a text.
package struct LatestEvent {
    /// The message that was told of last.
    private(set) var message: Message.ID = ""
    /// The step that was told of last.
    private(set) var step: RunStep.ID = ""
    private var name = ""
    private var delta: AssistantEvent?
    /// What the delta that follows is read by, where it differs in a text alone.
    package private(set) var pattern = JSONTextPattern()

    /// Nothing so far.
    package init() {}

    /// Reads the event that follows; the same as `AssistantEvent.init(name:data:)`, but quicker.
    package mutating func read(name: String, data: [UInt8]) throws(APIError) -> AssistantEvent {
        if let delta, name == self.name, let text = pattern.text(in: data) {
            return delta.replacing(text)
        }
        var range: Range<Int>?
        let event = try AssistantEvent.read(name: name, data: data, after: self, textRange: &range)
        switch event {
        case .messageDelta(let delta): message = delta.id
        case .stepDelta(let delta): step = delta.id
        case .message(_, let whole): message = whole.id
        case .step(_, let whole): step = whole.id
        default: break
        }
        if let range, event.hasOneText {
            pattern.learn(data, range: range)
            (self.name, delta) = (name, event)
        }
        return event
    }
}

extension AssistantEvent {
    /// Whether all that it says is one piece of a text, or of a call's code or arguments.
    fileprivate var hasOneText: Bool {
        switch self {
        case .messageDelta(let delta):
            guard delta.parts.count == 1, case .text = delta.parts[0].content else { return false }
            return true
        case .stepDelta(let delta):
            guard case .toolCalls(let calls) = delta.details, calls.count == 1 else { return false }
            switch calls[0].kind {
            case .codeInterpreter(_?, _), .function(_, _?, _): return true
            default: return false
            }
        default: return false
        }
    }

    /// The same delta with another text.
    fileprivate func replacing(_ text: String) -> AssistantEvent {
        switch self {
        case .messageDelta(var delta):
            guard case .text(_, let annotations) = delta.parts[0].content else { return self }
            delta.parts[0].content = .text(text, annotations: annotations)
            return .messageDelta(delta)
        case .stepDelta(var delta):
            guard case .toolCalls(var calls) = delta.details else { return self }
            switch calls[0].kind {
            case .codeInterpreter(_, let outputs):
                calls[0].kind = .codeInterpreter(input: text, outputs: outputs)
            case .function(let name, _, let output):
                calls[0].kind = .function(name: name, arguments: text, output: output)
            default: return self
            }
            delta.details = .toolCalls(calls)
            return .stepDelta(delta)
        default: return self
        }
    }
}
