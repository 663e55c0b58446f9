package import Assistants

/// Where a server's requests are carried out at the moment.
package enum ServicePlace: Sendable {
    /// By a service of this process.
    case here(any AssistantsService)
    /// By a server in another process, which gets the requests as they came.
    case elsewhere(RequestRelay)
}

/// Passes requests on to a server in another process.
package struct RequestRelay: Sendable {
    /// A request as it came, with its whole body.
    package struct Request: Sendable {
        package var method: String
        /// Path and query.
        package var target: String
        package var headers: [(String, String)]
        package var body: [UInt8]
    }

    /// The head of an answer, and its body as it comes.
    package struct Reply: Sendable {
        package var status: Int
        package var headers: [(String, String)]
        /// The next piece of the body; nil at its end.
        package var next: @Sendable () async throws -> [UInt8]?

        /// Makes an answer.
        package init(
            status: Int, headers: [(String, String)],
            next: @escaping @Sendable () async throws -> [UInt8]?
        ) {
            self.status = status
            self.headers = headers
            self.next = next
        }
    }

    let send: @Sendable (Request) async throws(APIError) -> Reply

    /// Makes a relay of what sends a request there.
    package init(send: @escaping @Sendable (Request) async throws(APIError) -> Reply) {
        self.send = send
    }
}
