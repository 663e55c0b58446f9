public import Wire

/// How a run's stream went: what a person should know when an answer was slow or had to be put
/// together again.
public struct StreamHealth: Hashable, Sendable {
    /// From the request to the first event; nil while none has come.
    public var timeToFirstEvent: Duration?
    /// From the request to the first text of a message; nil while none has come.
    public var timeToFirstText: Duration?
    /// The longest silence between two signs of the server, the first wait not counted.
    public var longestGap: Duration = .zero
    /// How many events came.
    public var eventCount = 0
    /// Whether the run's end was told, or that it waits for outputs.
    public var isComplete = false
    /// How often the request was sent again before its answer began.
    public var retries = 0
    /// How often the stream broke and was put together again.
    public var resumptions = 0

    /// A gap as long as this one is felt.
    public static let feltGap = Duration.seconds(10)

    /// Makes the health of a stream that has not begun.
    public init() {}

    /// Whether there is nothing to tell anybody: complete, at the first attempt, without a gap.
    public var isWell: Bool {
        isComplete && retries == 0 && resumptions == 0 && longestGap < Self.feltGap
    }

    /// Adds the trouble of a stream that this one is made of.
    public mutating func add(_ part: StreamHealth) {
        longestGap = max(longestGap, part.longestGap)
        retries += part.retries
        resumptions += part.resumptions
    }

    /// Reads what `json` wrote; what is missing is as at the beginning.
    public init(json: JSONValue) {
        func duration(_ key: String) -> Duration? {
            json[key]?.integerValue.map { .milliseconds($0) }
        }
        timeToFirstEvent = duration("time_to_first_event_ms")
        timeToFirstText = duration("time_to_first_text_ms")
        longestGap = duration("longest_gap_ms") ?? .zero
        eventCount = json["events"]?.integerValue ?? 0
        isComplete = json["is_complete"]?.boolValue ?? false
        retries = json["retries"]?.integerValue ?? 0
        resumptions = json["resumptions"]?.integerValue ?? 0
    }

    /// The health as `ask --json` prints it; durations in milliseconds.
    public var json: JSONValue {
        [
            "time_to_first_event_ms": JSONValue(timeToFirstEvent?.wholeMilliseconds),
            "time_to_first_text_ms": JSONValue(timeToFirstText?.wholeMilliseconds),
            "longest_gap_ms": JSONValue(longestGap.wholeMilliseconds),
            "events": .integer(eventCount), "is_complete": .bool(isComplete),
            "retries": .integer(retries), "resumptions": .integer(resumptions),
        ]
    }
}

/// Measures the health of one stream. It has no clock: whoever reads the stream tells the time.
public struct StreamMeter: Sendable {
    /// What was measured so far.
    public var health = StreamHealth()

    private let start: Duration
    private var lastSign: Duration?

    /// Begins to measure.
    ///
    /// - Parameter start: When the request is sent, as the time since any moment.
    public init(start: Duration) { self.start = start }

    /// Takes note that something came, be it a keep-alive.
    public mutating func noteSign(at time: Duration) {
        if let lastSign { health.longestGap = max(health.longestGap, time - lastSign) }
        lastSign = time
    }

    /// Takes note of an event, which came with the last sign.
    public mutating func note(_ event: AssistantEvent) {
        switch event {
        case .messageDelta(let delta):
            if health.timeToFirstText == nil, delta.hasText {
                health.timeToFirstText = (lastSign ?? start) - start
            }
        case .run(_, let run):
            health.isComplete = run.status.isTerminal || run.status == .requiresAction
        case .done: return
        default: break
        }
        if health.eventCount == 0 { health.timeToFirstEvent = (lastSign ?? start) - start }
        health.eventCount += 1
    }
}

extension MessageDelta {
    fileprivate var hasText: Bool {
        parts.contains { part in
            if case .text(let value, _) = part.content { !value.isEmpty } else { false }
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
