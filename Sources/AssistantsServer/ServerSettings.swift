/// Where a server listens, whom it lets in, and how much it takes.
package struct ServerSettings: Sendable {
    /// Where a server listens.
    package enum Place: Hashable, Sendable {
        /// A host name or address; port 0 takes a free one.
        case address(host: String, port: Int)
        /// A Unix socket. Whoever may open it is let in without a look at `Host` and `Origin`.
        case socket(path: String)
    }

    package var place: Place
    /// Names under which clients may reach the server, without ports, beside the machine's own.
    package var allowedHosts: Set<String> = []
    /// Web pages that may call the server, such as `https://example.org`. None unless said.
    package var allowedOrigins: Set<String> = []
    package var limits = ServerLimits()
    /// How often a silent stream gets a comment line.
    package var heartbeat: Duration = .seconds(15)
    /// How long a stop waits for requests that are being answered.
    package var stopPatience: Duration = .seconds(10)

    /// Makes settings with everything else at its default.
    package init(_ place: Place) {
        self.place = place
    }
}

/// How much a server takes from one client, and how long it waits for it.
package struct ServerLimits: Sendable {
    /// The most bytes of a body that is JSON.
    package var bodyBytes = 4 << 20
    /// The most bytes of an uploaded file.
    package var fileBytes = 512 << 20
    /// The most bytes of a request's head.
    package var headBytes = 64 << 10
    /// The most header fields of a request.
    package var headFields = 200
    /// The most connections at one time; more wait until one is free.
    package var connections = 2_000
    /// The most bytes of a stream that wait for a reader; one more and the reader is dropped.
    package var unreadBytes = 1 << 20
    /// The longest wait for a new connection's first request.
    package var headPatience: Duration = .seconds(10)
    /// The longest wait for the next 16 KiB of a request's body, or for its end.
    package var bodyPatience: Duration = .seconds(30)
    /// The longest rest between two requests on one connection.
    package var idlePatience: Duration = .seconds(75)

    /// The limits as they are shipped.
    package init() {}
}
