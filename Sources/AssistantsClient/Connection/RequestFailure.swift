import Assistants
import Transport

/// Why one attempt of a request failed, and what that means for the next.
struct RequestFailure: Error {
    var error: APIError
    /// Whether sending the request again may help.
    var isRetryable: Bool
    /// Whether the server may have carried the request out all the same.
    var mayHaveBeenDone: Bool
    var advice = RetryAdvice()

    init(_ error: TransportError) {
        self.error = APIError(error)
        switch error.code {
        case .cannotConnect, .timedOut(.connect): (isRetryable, mayHaveBeenDone) = (true, false)
        case .cut, .timedOut: (isRetryable, mayHaveBeenDone) = (true, true)
        case .cancelled, .invalidURL: (isRetryable, mayHaveBeenDone) = (false, false)
        case .tooLarge: (isRetryable, mayHaveBeenDone) = (false, true)
        }
    }

    init(_ error: APIError, _ advice: RetryAdvice) {
        self.error = error
        self.advice = advice
        isRetryable = advice.shouldRetry ?? Self.isPassing(error.status)
        mayHaveBeenDone = error.status == 408 || error.status >= 500
    }

    private static func isPassing(_ status: Int) -> Bool {
        [408, 409, 429].contains(status) || status >= 500
    }
}

/// What to do about a request of which it is not known whether it was carried out.
enum Doubt<Value> {
    /// It does no harm twice.
    case sendAgain
    /// It must not be sent twice, and there is no way to find out: the error is given on.
    case giveUp
    /// Look for what it was to make; where that is not there, send it again.
    case look(() async throws(APIError) -> Value?)
}
