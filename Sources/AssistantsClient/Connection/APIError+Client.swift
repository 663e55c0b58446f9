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
        default: self.init(status: 503, code: "connection_failed", message: error.description)
        }
    }

    private static let cancelledCode = "cancelled"
    private static let timedOutCode = "timed_out"

    static let cancelled = APIError(
        status: 499, code: cancelledCode, message: "The task was cancelled.")

    static func timedOut(_ message: String) -> APIError {
        APIError(status: 504, code: timedOutCode, message: message)
    }

    static func cut(_ message: String) -> APIError {
        APIError(status: 503, code: "stream_cut", message: message)
    }

    /// Whether no answer came because the task was cancelled.
    public var isCancellation: Bool { status == 499 && code == Self.cancelledCode }
    /// Whether the client waited longer than it is allowed to.
    public var isTimeout: Bool { status == 504 && code == Self.timedOutCode }
    /// Whether the server could not be reached, or the connection to it broke.
    public var isConnectionFailure: Bool {
        status == 503 && ["connection_failed", "stream_cut"].contains(code) || isTimeout
    }
}
