import Synchronization
public import Transport

/// A transport that answers from a script: the bytes in the pieces it is told, errors where it is
/// told, and waits that the test ends step by step. It records every request.
public final class ScriptedTransport: HTTPTransport {
    /// What happens next in an answer.
    public enum Step: Sendable {
        /// These bytes come, in one piece.
        case bytes([UInt8])
        /// Nothing comes until the test calls `step()`.
        case hold
        /// Nothing comes any more; only closing the body ends it.
        case silence
        /// The transfer ends like this.
        case fail(TransportError.Code)
    }

    /// One answer of the script.
    public struct Answer: Sendable {
        /// Given in place of a response.
        public var error: TransportError.Code?
        /// The status.
        public var status: Int
        /// The header fields.
        public var headers: [(String, String)]
        /// The body.
        public var steps: [Step]

        /// An answer with a body in steps.
        public init(_ status: Int = 200, headers: [(String, String)] = [], steps: [Step]) {
            self.status = status
            self.headers = headers
            self.steps = steps
        }

        /// An answer with a body in one piece.
        public init(_ status: Int, headers: [(String, String)] = [], text: String) {
            self.init(status, headers: headers, steps: [.bytes(Array(text.utf8))])
        }

        /// A body cut into pieces of `size` bytes.
        public init(bytes: [UInt8], size: Int) {
            let cuts = stride(from: 0, to: bytes.count, by: max(1, size))
            self.init(
                steps: cuts.map { .bytes(Array(bytes[$0..<min($0 + size, bytes.count)])) })
        }

        /// No response at all.
        public static func failure(_ code: TransportError.Code) -> Answer {
            var answer = Answer(steps: [])
            answer.error = code
            return answer
        }
    }

    private struct State {
        var requests: [HTTPRequest] = []
        var bodies: [ScriptedBody] = []
    }

    private let answer: @Sendable (HTTPRequest, _ number: Int) -> Answer
    private let state = Mutex(State())

    /// Answers each request with the next of `answers`, and when they are used up with the last.
    public convenience init(_ answers: [Answer]) {
        self.init { _, number in
            answers.isEmpty ? .failure(.cut) : answers[min(number, answers.count - 1)]
        }
    }

    /// Answers as `answer` decides; `number` counts the requests from 0.
    public init(_ answer: @escaping @Sendable (HTTPRequest, _ number: Int) -> Answer) {
        self.answer = answer
    }

    /// The requests so far.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// How many bodies were closed before their end.
    public var cancelledCount: Int { state.withLock { $0.bodies.filter(\.isCancelled).count } }

    /// Ends one `hold` of the latest answer.
    public func step() {
        state.withLock { $0.bodies.last }?.step()
    }

    /// Answers from the script.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        let answer = answer(request, number)
        if let error = answer.error { throw TransportError(error, host: request.destination) }
        let body = ScriptedBody(answer.steps, host: request.destination)
        state.withLock { $0.bodies.append(body) }
        return HTTPResponse(
            status: answer.status, headers: answer.headers, body: HTTPBody(source: body))
    }
}

/// A body that comes from a script.
public final class ScriptedBody: HTTPBodySource {
    private struct State {
        var steps: ArraySlice<ScriptedTransport.Step>
        var released = 0
        var isCancelled = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let host: String
    private let state: Mutex<State>

    /// Creates a body.
    public init(_ steps: [ScriptedTransport.Step], host: String = "script") {
        self.host = host
        state = Mutex(State(steps: steps[...]))
    }

    /// Whether it was closed before its end.
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Ends one `hold`, also one that is still to come.
    public func step() {
        wake { $0.released += 1 }
    }

    /// Closes the body.
    public func cancel() {
        wake { state in
            if !state.steps.isEmpty { state.isCancelled = true }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// The next piece of the script.
    public func next() async throws(TransportError) -> [UInt8]? {
        while true {
            if let result = take() { return try result.get() }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.isCancelled || state.released > 0 { return true }
                        state.reader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                cancel()
            }
            // A step that ended nothing, as in a silence, is used up.
            state.withLock { if case .silence? = $0.steps.first { $0.released = 0 } }
        }
    }

    private func take() -> Result<[UInt8]?, TransportError>? {
        state.withLock { state in
            if state.isCancelled { return .failure(TransportError(.cancelled, host: host)) }
            while let step = state.steps.first {
                switch step {
                case .bytes(let bytes):
                    state.steps.removeFirst()
                    if !bytes.isEmpty { return .success(bytes) }
                case .hold:
                    guard state.released > 0 else { return nil }
                    state.released -= 1
                    state.steps.removeFirst()
                case .silence: return nil
                case .fail(let code):
                    state.steps = []
                    return .failure(TransportError(code, host: host))
                }
            }
            return .success(nil)
        }
    }
}
