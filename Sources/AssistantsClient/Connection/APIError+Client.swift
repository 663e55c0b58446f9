public import Assistants
import Transport

extension APIError {
    /// What it means for an operation that its request failed.
    init(_ error: TransportError) {
        switch error.code {
        case .cancelled:
            self.init(status: 499, code: Self.cancelledCode, message: error.description)
        case .timedOut:
            self.init(status: 504, code: Self.timedOutCode, message: error.description)
        case .cannotConnect:
            self.init(status: 503, code: Self.notConnectedCode, message: error.description)
        default: self.init(status: 503, code: Self.brokenCode, message: error.description)
        }
    }

    private static let cancelledCode = "cancelled"
    private static let timedOutCode = "timed_out"
    private static let notConnectedCode = "not_connected"
    private static let brokenCode = "connection_failed"

    static let cancelled = APIError(
        status: 499, code: cancelledCode, message: "The task was cancelled.")

    static func timedOut(_ message: String) -> APIError {
        APIError(status: 504, code: timedOutCode, message: message)
    }

    static func cut(_ message: String) -> APIError {
        APIError(status: 503, code: "stream_cut", message: message)
    }

    /// The same failure of a request of which an earlier attempt may have been carried out.
    var inDoubt: APIError {
        var error = self
        if isUnsent { error.code = Self.brokenCode }
        return error
    }

    /// Whether nobody was reached, so that nothing can have been done.
    package var isUnsent: Bool { status == 503 && code == Self.notConnectedCode }

    /// Whether no answer came because the task was cancelled.
    public var isCancellation: Bool { status == 499 && code == Self.cancelledCode }
    /// Whether the client waited longer than it is allowed to.
    public var isTimeout: Bool { status == 504 && code == Self.timedOutCode }
    /// Whether the server could not be reached, or the connection to it broke.
    public var isConnectionFailure: Bool {
        isUnsent || status == 503 && [Self.brokenCode, "stream_cut"].contains(code) || isTimeout
    }
}
