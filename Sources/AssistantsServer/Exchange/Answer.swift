import Assistants
import HTTPTypes
import Wire

/// What a request is answered with.
struct Answer: Sendable {
    /// What follows the head.
    enum Body: Sendable {
        case bytes([UInt8])
        /// The events of a run, one after the other as they come.
        case events(AssistantEventStream, EventEncoder)
        /// The same, once they are being read.
        case log(StreamLog)
        /// Bytes from somewhere else, as they come.
        case pieces(PieceStream)
    }

    var status = 200
    var contentType = Self.json
    var headers: [(name: HTTPField.Name, value: String)] = []
    var body: Body

    static let json = "application/json"
    static let eventStream = "text/event-stream; charset=utf-8"

    /// An object.
    init(_ json: JSONValue) {
        body = .bytes(json.bytes)
    }

    /// Bytes of any kind.
    init(_ bytes: [UInt8], type: String) {
        contentType = type
        body = .bytes(bytes)
    }

    /// An error in the form that the SDKs understand.
    init(_ error: APIError) {
        status = error.status
        body = .bytes(error.json.bytes)
    }

    /// The events of a run.
    init(_ events: AssistantEventStream, _ encoder: EventEncoder) {
        contentType = Self.eventStream
        body = .events(events, encoder)
    }

    /// Bytes as they come from somewhere else.
    init(status: Int, type: String, _ pieces: PieceStream) {
        self.status = status
        contentType = type
        body = .pieces(pieces)
    }

    /// A part of a list.
    init<Element: Identifiable>(
        _ page: Page<Element>, _ json: (Element) -> JSONValue
    ) where Element.ID == String {
        self.init([
            "object": "list", "data": .array(page.data.map(json)),
            "first_id": page.data.first.map { .string($0.id) } ?? .null,
            "last_id": page.data.last.map { .string($0.id) } ?? .null,
            "has_more": .bool(page.hasMore),
        ])
    }

    /// Whether a second reader can have the answer as well.
    var isShareable: Bool {
        switch body {
        case .bytes: true
        case .log(let log): log.isWhole
        case .events, .pieces: false
        }
    }

    /// What is said of something that was deleted.
    static func deleted(_ id: String, _ object: String) -> Answer {
        Answer(["id": .string(id), "object": .string(object), "deleted": true])
    }

    /// A run, with a hint how soon to ask again while it goes on.
    static func run(_ run: Run) -> Answer {
        var answer = Answer(run.json)
        let waits = run.status.isActive && run.status != .requiresAction
        if waits { answer.headers.append((.pollAfter, "100")) }
        return answer
    }
}

/// Bytes that come piece by piece; nil at their end.
struct PieceStream: Sendable {
    let next: @Sendable () async throws -> [UInt8]?
}

extension HTTPField.Name {
    // Every one of these is a valid name, so the fallback is never taken.
    private static func named(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .contentType
    }

    static let pollAfter = named("openai-poll-after-ms")
    static let apiVersion = named("openai-version")
    static let processing = named("openai-processing-ms")
    static let requestID = named("x-request-id")
    static let contentSniffing = named("x-content-type-options")
    static let beta = named("openai-beta")
    static let idempotencyKey = named("idempotency-key")
    static let pollHelper = named("x-stainless-poll-helper")
    static let sdkLanguage = named("x-stainless-lang")
    static let retryCount = named("x-stainless-retry-count")
    static let replayed = named("idempotent-replayed")
    static let cursor = named("x-switchboard-cursor")
    static let runSeconds = named("x-switchboard-run-seconds")
    static let buffering = named("x-accel-buffering")
    static let lastEventID = named("last-event-id")
}
