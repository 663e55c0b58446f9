/// The head of a response, and its body as it comes.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields in the order in which they came.
    public var headers: [(String, String)]
    /// The body. Dropping it unread closes the connection.
    public var body: HTTPBody

    /// Creates a response.
    public init(status: Int, headers: [(String, String)] = [], body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first field of this name, in any case; nil when there is none.
    public func header(_ name: String) -> String? {
        headers.first { $0.0.isSameField(as: name) }?.1
    }

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }
}
