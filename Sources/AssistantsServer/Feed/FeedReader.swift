import Assistants
import HTTPTypes

/// Reads the feed for one caller: what it may see, of one thread or run where one is named.
///
/// An actor, because it keeps its place, and what it has learnt, between two calls.
actor FeedReader {
    private let feed: EventFeed
    private let service: any AssistantsService
    private let caller: Caller
    private let thread: Thread.ID?
    private let run: Run.ID?
    private var place: Int
    /// The cursor of the event before the first that is told.
    private let first: String
    private var hasBegun = false
    private var visible: [String: Bool] = [:]

    /// - Throws: `APIError` with status 410 where the events behind the cursor are gone.
    init(_ feed: EventFeed, _ exchange: Exchange) throws(APIError) {
        self.feed = feed
        service = exchange.service
        caller = exchange.caller
        thread = exchange.query["thread_id"]
        run = exchange.query["run_id"]
        guard let cursor = exchange.query["after"] ?? exchange.headers[.lastEventID] else {
            // In this order: an event that comes in between is told twice rather than never.
            first = feed.cursor
            place = feed.end
            return
        }
        let parts = cursor.split(separator: ".", maxSplits: 1)
        let isOurs = parts.count == 1 || parts.first.map(String.init) == feed.epoch
        guard let sequence = parts.last.flatMap({ Int($0) }) else {
            throw RequestFault.wrongType(at: "after", expected: "an event's id", got: "a string")
        }
        guard isOurs, let place = feed.place(after: sequence) else {
            throw APIError(
                status: 410, code: "events_gone", param: "after",
                message: "What followed that event is no longer kept. Read the threads anew, and "
                    + "follow the feed from now on.")
        }
        self.place = place
        first = cursor
    }

    /// The next bytes to send; nil at the end.
    func next() async throws -> [UInt8]? {
        if !hasBegun {
            hasBegun = true
            return Array("id: \(first)\nevent: switchboard.feed\ndata: {}\n\n".utf8)
        }
        while let entries = await feed.entries(from: place) {
            place += entries.count
            var bytes: [UInt8] = []
            for entry in entries where try await shows(entry.event) {
                bytes += feed.bytes(of: entry)
            }
            if !bytes.isEmpty { return bytes }
        }
        return nil
    }

    private func shows(_ event: ServiceEvent) async throws -> Bool {
        if let thread, event.threadID != thread { return false }
        if let run, event.runID != run { return false }
        if caller == .trusted { return true }
        switch event.kind {
        // Thoughts were never on the wire.
        case .reasoning: return false
        case .modelsChanged, .objectsImported: return true
        case .assistantChanged(let assistant): return await seesAssistant(assistant.id)
        case .assistantDeleted(let id): return visible[id] ?? false
        default: return await seesThread(event.threadID)
        }
    }

    private func seesThread(_ id: Thread.ID) async -> Bool {
        if let known = visible[id] { return known }
        let isVisible = (try? await service.thread(id, for: caller)) != nil
        visible[id] = isVisible
        return isVisible
    }

    private func seesAssistant(_ id: Assistant.ID) async -> Bool {
        if let known = visible[id] { return known }
        let isVisible = (try? await service.assistant(id, for: caller)) != nil
        visible[id] = isVisible
        return isVisible
    }
}
