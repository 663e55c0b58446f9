public import Events

/// An event and where it belongs, as a service tells everyone who watches it.
public struct ServiceEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// Something a run's stream carries.
        case run(AssistantEvent)
        /// The model thinks; never on the wire, shown by the console. The run, and text to add.
        case reasoning(String)
        /// A message was added by a person or a program, not by a run.
        indirect case messageAdded(Message)
        indirect case messageDeleted(Message.ID)
        indirect case threadChanged(Thread)
        case threadDeleted
        indirect case assistantChanged(Assistant)
        case assistantDeleted(Assistant.ID)
        /// How the stream of a run went that came over a network: the run's own, or one of its
        /// model's that was not well.
        case streamHealth(StreamHealth)
        /// A model server was found, lost, or changed what it has.
        case modelsChanged
        /// Many objects came at once: lists, and what is shown, are to be read anew.
        case objectsImported
    }

    /// Counts up by one for every event of a service; lets a reader notice what it has seen.
    public var sequence: Int
    /// Empty for events that belong to no thread.
    public var threadID: Thread.ID
    /// Empty for events that belong to no run.
    public var runID: Run.ID
    public var kind: Kind

    /// Makes an event.
    public init(sequence: Int = 0, threadID: Thread.ID, runID: Run.ID = "", kind: Kind) {
        self.sequence = sequence
        self.threadID = threadID
        self.runID = runID
        self.kind = kind
    }
}

extension ServiceEvent: Mergeable {
    /// The message, step or run that the event is about.
    public var mergeKey: String? {
        switch kind {
        case .run(let event): event.mergeKey
        case .reasoning: runID + ".reasoning"
        case .messageAdded(let message): message.id
        case .messageDeleted(let id): id
        case .threadChanged, .threadDeleted: threadID
        case .assistantChanged(let assistant): assistant.id
        case .assistantDeleted(let id): id
        case .streamHealth: runID + ".health"
        case .modelsChanged: "models"
        case .objectsImported: "import"
        }
    }

    /// Takes in the event that follows, when both are deltas of one object.
    public mutating func merge(_ next: ServiceEvent) -> Bool {
        // Each case lets go of its payload first, so that texts are appended in place.
        if case .run(let other) = next.kind, case .run(var event) = kind {
            kind = .threadDeleted
            let merged = event.merge(other)
            kind = .run(event)
            if merged { sequence = next.sequence }
            return merged
        }
        if case .reasoning(let more) = next.kind, case .reasoning(var text) = kind {
            kind = .threadDeleted
            text += more
            kind = .reasoning(text)
            sequence = next.sequence
            return true
        }
        return false
    }
}

extension AssistantEvent: Mergeable {
    /// The object that the event is about; nil for the end of a stream and for what is not known.
    public var mergeKey: String? {
        switch self {
        case .threadCreated(let thread): thread.id
        case .run(_, let run): run.id
        case .step(_, let step): step.id
        case .stepDelta(let delta): delta.id
        case .message(_, let message): message.id
        case .messageDelta(let delta): delta.id
        case .error, .done, .unknown: nil
        }
    }

    /// Takes in the event that follows, when both are deltas of one object.
    public mutating func merge(_ next: AssistantEvent) -> Bool {
        // Each case lets go of its payload first, so that texts are appended in place.
        if case .messageDelta(let other) = next, case .messageDelta(var delta) = self,
            delta.id == other.id
        {
            self = .done
            delta.merge(other)
            self = .messageDelta(delta)
            return true
        }
        if case .stepDelta(let other) = next, case .stepDelta(var delta) = self,
            delta.id == other.id
        {
            self = .done
            let merged = delta.merge(other)
            self = .stepDelta(delta)
            return merged
        }
        return false
    }
}
