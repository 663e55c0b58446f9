/// One HTTP request: what to send, where, and how long to wait for what.
public struct HTTPRequest: Sendable {
    /// The method, in capitals.
    public var method: String
    /// The absolute address, `http://` or `https://`.
    public var url: String
    /// The header fields in the order in which they are sent.
    public var headers: [(String, String)]
    /// The whole body; empty for none.
    public var body: [UInt8]
    /// The longest wait until a connection is there; nil waits for ever.
    public var connectTimeout: Duration?
    /// The longest wait from the request sent to the response's head; nil waits for ever.
    public var firstByteTimeout: Duration?
    /// The longest silence between two pieces of the body; nil waits for ever. Time in which the
    /// reader does not read is no silence.
    public var silenceTimeout: Duration?
    /// A Unix socket to connect to instead of the address's host, which then only names it.
    public var socketPath: String?

    /// Creates a request.
    public init(
        method: String = "GET",
        url: String,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        connectTimeout: Duration? = .seconds(5),
        firstByteTimeout: Duration? = .seconds(600),
        silenceTimeout: Duration? = .seconds(600),
        socketPath: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
        self.silenceTimeout = silenceTimeout
        self.socketPath = socketPath
    }

    /// The first field of this name, in any case; nil when there is none.
    public func header(_ name: String) -> String? {
        headers.first { $0.0.isSameField(as: name) }?.1
    }

    /// Where the request goes, for people: host and port, or the socket's path.
    public var destination: String {
        if let socketPath { return socketPath }
        let address = URLParts(url)
        return address?.authority ?? url
    }
}

extension String {
    /// Whether two header names are the same one: ASCII letters compare without case.
    func isSameField(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).allSatisfy { $0.lowercasedLetter == $1.lowercasedLetter }
    }
}

extension UInt8 {
    /// The small letter of an ASCII capital; every other byte as it is.
    var lowercasedLetter: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self + 32 : self
    }
}
