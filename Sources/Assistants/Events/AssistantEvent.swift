import Wire

/// An event of a run, as the API streams it (`CONTRACT.md` 8.3).
public enum AssistantEvent: Hashable, Sendable {
    indirect case threadCreated(Thread)
    indirect case run(RunPhase, Run)
    indirect case step(StepPhase, RunStep)
    case stepDelta(RunStepDelta)
    indirect case message(MessagePhase, Message)
    case messageDelta(MessageDelta)
    /// The stream failed; a failed run is not this, but a run in phase `failed`.
    indirect case error(APIError)
    /// The stream is complete.
    case done
    /// An event this version does not know. It is kept, so that it can be passed on.
    case unknown(name: String, data: [UInt8])

    /// The event's name on the wire.
    public var name: String {
        switch self {
        case .threadCreated: "thread.created"
        case .run(let phase, _): "thread.run." + phase.rawValue
        case .step(let phase, _): "thread.run.step." + phase.rawValue
        case .stepDelta: "thread.run.step.delta"
        case .message(let phase, _): "thread.message." + phase.rawValue
        case .messageDelta: "thread.message.delta"
        case .error: "error"
        case .done: "done"
        case .unknown(let name, _): name
        }
    }

    /// The event's data on the wire: one line of JSON, or `[DONE]`.
    public var data: [UInt8] {
        switch self {
        case .threadCreated(let thread): thread.json.bytes
        case .run(_, let run): run.json.bytes
        case .step(_, let step): step.json.bytes
        case .stepDelta(let delta): delta.json.bytes
        case .message(_, let message): message.json.bytes
        case .messageDelta(let delta): delta.json.bytes
        case .error(let error): error.json.bytes
        case .done: Array("[DONE]".utf8)
        case .unknown(_, let data): data
        }
    }

    /// Every event name of the contract, in its order.
    public static let knownNames: [String] =
        ["thread.created"]
        + RunPhase.allCases.map { "thread.run." + $0.rawValue }
        + StepPhase.allCases.map { "thread.run.step." + $0.rawValue }
        + ["thread.run.step.delta"]
        + MessagePhase.allCases.map { "thread.message." + $0.rawValue }
        + ["thread.message.delta", "error", "done"]

    /// Whether a stream ends after this event (`CONTRACT.md` 8.1).
    public var endsStream: Bool {
        switch self {
        case .done, .error: true
        default: false
        }
    }

    /// Whether an event is the first that counts after these calls were given outputs: the end of
    /// the step that waited for them, or of the run. What was told before may be told late.
    package func follows(outputsOf answered: Set<String>) -> Bool {
        switch self {
        case .run(_, let run): return run.status.isTerminal
        case .step(let phase, let step):
            guard phase != .created, phase != .inProgress, case .toolCalls(let calls) = step.details
            else { return false }
            return calls.contains { answered.contains($0.id) }
        default: return false
        }
    }
}

extension AssistantEvent {
    /// Reads an event as it came over the wire.
    ///
    /// A name that is not known gives `.unknown`. Throws when a known event's data is not JSON, or
    /// is not the object that the name promises.
    public init(name: String, data: [UInt8]) throws(APIError) {
        var range: Range<Int>?
        self = try Self.read(name: name, data: data, after: LatestEvent(), textRange: &range)
    }

    /// Reads an event that follows another.
    /// - Parameter range: Where the last text of a delta stands, its quotes included.
    static func read(
        name: String, data: [UInt8], after latest: LatestEvent, textRange range: inout Range<Int>?
    ) throws(APIError) -> AssistantEvent {
        do {
            switch name {
            case "thread.message.delta":
                return .messageDelta(try MessageDelta(data, expecting: latest.message, &range))
            case "thread.run.step.delta":
                return .stepDelta(try RunStepDelta(data, expecting: latest.step, &range))
            case "done": return .done
            default: return try whole(name: name, data: data)
            }
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError.unreadable(
                "The event \(name) could not be read: \(error). "
                    + "The stream may come from a server that speaks another dialect.")
        }
    }

    private static func whole(name: String, data: [UInt8]) throws -> AssistantEvent {
        if name == "thread.created" {
            return .threadCreated(try Thread(json: JSONValue(parsing: data)))
        }
        if name == "error" {
            // An error that is no JSON is an error all the same.
            guard let json = try? JSONValue(parsing: data) else {
                let text = String(decoding: data.prefix(300), as: UTF8.self)
                return .error(APIError(status: 500, message: text))
            }
            return .error(APIError(json: json))
        }
        if let phase = name.suffix(after: "thread.run.step.").flatMap(StepPhase.init(rawValue:)) {
            return .step(phase, try RunStep(json: JSONValue(parsing: data)))
        }
        if let phase = name.suffix(after: "thread.run.").flatMap(RunPhase.init(rawValue:)) {
            return .run(phase, try Run(json: JSONValue(parsing: data)))
        }
        if let phase = name.suffix(after: "thread.message.").flatMap(MessagePhase.init(rawValue:)) {
            return .message(phase, try Message(json: JSONValue(parsing: data)))
        }
        return .unknown(name: name, data: data)
    }
}

extension String {
    /// What follows a prefix; nil when the text does not begin with it.
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.utf8.count)) : nil
    }
}
