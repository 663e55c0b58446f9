import Assistants
import HTTPTypes

/// `/v1/events`, an extension: everything that happens, for those who watch and for whoever goes on
/// reading after a cut.
enum FeedEndpoint {
    static let all: [Endpoint] = [
        Endpoint(.get, "/v1/events", needsBeta: false) { (exchange) throws(APIError) in
            guard let feed = exchange.feed else {
                throw APIError(status: 404, message: "This server tells no events.")
            }
            let reader = try FeedReader(feed, exchange)
            return Answer(reader)
        }
    ]
}

extension Answer {
    /// The events of the feed.
    fileprivate init(_ reader: FeedReader) {
        self.init([], type: Self.eventStream)
        body = .log(
            StreamLog { log in
                while let bytes = try await reader.next(), log.add(bytes) {}
            })
    }
}
