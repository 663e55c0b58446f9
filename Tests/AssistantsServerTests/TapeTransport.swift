import Synchronization
import Transport
import Wire

/// Keeps what a server answered, to answer the same requests with it later: a server that is a
/// script.
final class TapeTransport: HTTPTransport {
    private struct Entry {
        var status: Int
        var headers: [(String, String)]
        var pieces: [[UInt8]] = []
        var error: TransportError?
    }

    private struct State {
        var entries: [Entry] = []
        /// The entries of each request that were not given yet.
        var places: [String: [Int]] = [:]
        var strangers: [String] = []
    }

    private let inner: (any HTTPTransport)?
    private let state: Mutex<State>

    /// A tape that records a server.
    init(recording inner: any HTTPTransport) {
        self.inner = inner
        state = Mutex(State())
    }

    private init(_ recorded: State) {
        inner = nil
        state = Mutex(recorded)
    }

    /// The tape as a server.
    func rewound() -> TapeTransport { TapeTransport(state.withLock { $0 }) }

    /// The requests that were never recorded.
    var strangers: [String] { state.withLock { $0.strangers } }
    /// How many answers were not asked for.
    var leftOver: Int { state.withLock { $0.places.values.reduce(0) { $0 + $1.count } } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        // The boundary of a form is another each time.
        let body =
            request.url.hasSuffix("/files") ? "" : String(decoding: request.body, as: UTF8.self)
        let key = "\(request.method) \(request.url) \(body)"
        guard let inner else { return try play(key, request) }
        var response = try await inner.send(request)
        let place = state.withLock { state in
            state.entries.append(Entry(status: response.status, headers: response.headers))
            state.places[key, default: []].append(state.entries.count - 1)
            return state.entries.count - 1
        }
        response.body = HTTPBody(
            source: Recorded(response.body) { piece in
                self.state.withLock { $0.entries[place].pieces.append(piece) }
            })
        return response
    }

    private func play(_ key: String, _ request: HTTPRequest) throws(TransportError) -> HTTPResponse
    {
        let entry = state.withLock { state -> Entry? in
            guard let places = state.places[key], let place = places.first else {
                state.strangers.append(key)
                return nil
            }
            // The last answer stays, for those who ask until something changes.
            if places.count > 1 { state.places[key]?.removeFirst() }
            return state.entries[place]
        }
        guard let entry else { throw TransportError(.invalidURL, host: key) }
        return HTTPResponse(
            status: entry.status, headers: entry.headers,
            body: HTTPBody(source: Played(entry.pieces)))
    }

    private final class Recorded: HTTPBodySource {
        private let body: HTTPBody
        private let record: @Sendable ([UInt8]) -> Void

        init(_ body: HTTPBody, _ record: @escaping @Sendable ([UInt8]) -> Void) {
            self.body = body
            self.record = record
        }

        func next() async throws(TransportError) -> [UInt8]? {
            var iterator = body.makeAsyncIterator()
            let piece = try await iterator.next()
            if let piece { record(piece) }
            return piece
        }

        func cancel() { body.cancel() }
    }

    private final class Played: HTTPBodySource {
        private let pieces: Mutex<ArraySlice<[UInt8]>>

        init(_ pieces: [[UInt8]]) { self.pieces = Mutex(pieces[...]) }

        func next() async throws(TransportError) -> [UInt8]? { pieces.withLock { $0.popFirst() } }

        func cancel() { pieces.withLock { $0 = [] } }
    }
}
