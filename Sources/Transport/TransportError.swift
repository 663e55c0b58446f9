/// Why a request got no response, or a response did not reach its end.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kept a connection from being made.
    public enum ConnectFailure: Hashable, Sendable {
        /// Nobody listens there.
        case refused
        /// The host's name has no address.
        case unresolved
        /// The host or its network cannot be reached.
        case unreachable
        /// The encrypted connection could not be agreed on.
        case tls
    }

    /// What was waited for.
    public enum Wait: Hashable, Sendable {
        /// A connection.
        case connect
        /// The response's head.
        case firstByte
        /// More of the body.
        case silence
    }

    /// What happened.
    public enum Code: Hashable, Sendable {
        /// No connection could be made.
        case cannotConnect(ConnectFailure)
        /// A wait took longer than the request allows.
        case timedOut(Wait)
        /// The connection ended before the response did.
        case cut
        /// The task was cancelled, or the reader closed the body.
        case cancelled
        /// The address cannot be used.
        case invalidURL
        /// The body is larger than its reader allows, in bytes.
        case tooLarge(limit: Int)
    }

    /// What happened, for programs.
    public let code: Code
    /// Host and port, or the socket's path.
    public let host: String
    /// What the underlying library said; empty when it adds nothing.
    public let detail: String
    /// Whether the connection was closed on our side before anything was written to it.
    var isUnsent = false

    /// Creates an error.
    public init(_ code: Code, host: String, detail: String = "") {
        self.code = code
        self.host = host
        self.detail = detail
    }

    /// One sentence: who, what happened, what to do.
    public var description: String {
        detail.isEmpty ? sentence : sentence + " (" + detail + ")"
    }

    private var sentence: String {
        switch code {
        case .cannotConnect(let failure): connectSentence(failure)
        case .timedOut(.connect):
            "\(host) did not accept a connection in time; check the address and the network."
        case .timedOut(.firstByte):
            "\(host) took the request but did not answer in time; try again, or raise the limit."
        case .timedOut(.silence):
            "\(host) stopped sending in the middle of its answer; try again."
        case .cut: "\(host) closed the connection before its answer was complete; try again."
        case .cancelled: "The request to \(host) was cancelled."
        case .invalidURL: "\(host) is not an address that can be used; give http://host:port/path."
        case .tooLarge(let limit):
            "\(host) sent more than the \(limit) bytes allowed here; ask for less."
        }
    }

    private func connectSentence(_ failure: ConnectFailure) -> String {
        switch failure {
        case .refused: "Nothing answers at \(host); start the server there, or change the address."
        case .unresolved: "The name \(host) is not known; check its spelling and the network."
        case .unreachable: "\(host) cannot be reached from here; check the network."
        case .tls:
            "\(host) and this program could not agree on an encrypted connection; check the "
                + "server's certificate, and whether the address should begin with http://."
        }
    }
}
