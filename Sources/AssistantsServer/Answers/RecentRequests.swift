import Assistants
import Synchronization

/// What makes two requests the same one.
struct RequestPrint: Hashable, Sendable {
    var caller: Caller
    /// Method, path and query.
    var target: String
    /// The SHA-256 of the body.
    var bodyHash: [UInt8]
    /// The request's `Idempotency-Key`, where it has one: two that are equal may be meant twice.
    var key: String?
}

/// The requests that go on or have just ended, so that one whose answer got lost is not carried
/// out twice.
///
/// SDKs send no idempotency key, but they number their retries: a retry gets the answer of the
/// request that it repeats. A class, because all connections share it.
final class RecentRequests: Sendable {
    private struct State {
        var requests: [RequestPrint: [RecentRequest]] = [:]
        /// In the order in which they came.
        var queue: [RecentRequest] = []
        var begun = 0
    }

    /// How long an answer is kept after its end.
    private static let lifetime = Duration.seconds(60)
    /// How much all kept answers may take together; the oldest go first.
    private static let bytesLimit = 32 << 20
    /// The most requests that are remembered.
    private static let countLimit = 10_000

    private let state = Mutex(State())

    /// Answers a request: by carrying it out, or, for a retry, as the request that it repeats.
    func answer(
        _ print: RequestPrint, isRetry: Bool, _ carryOut: () async -> Answer
    ) async -> Answer {
        if isRetry, let earlier = join(print) {
            let answer = await earlier.answer()
            if answer.isShareable { return answer }
        }
        let request = begin(print)
        let answer = await carryOut()
        request.finish(answer)
        return answer
    }

    /// Stops the streams that are only kept.
    func stop() {
        for request in state.withLock({ $0.queue }) { request.stream?.cancel() }
    }

    /// The request that a retry repeats; the one that was repeated least.
    private func join(_ print: RequestPrint) -> RecentRequest? {
        let known = state.withLock { $0.requests[print] ?? [] }
        let usable = known.filter { $0.isUsable(within: Self.lifetime) }
        let request = usable.min { $0.retries < $1.retries }
        request?.noteRetry()
        return request
    }

    private func begin(_ print: RequestPrint) -> RecentRequest {
        let request = RecentRequest(print)
        let forgotten = state.withLock { state -> [RecentRequest] in
            state.requests[print, default: []].append(request)
            state.queue.append(request)
            return Self.prune(&state)
        }
        for request in forgotten { request.stream?.forget() }
        return request
    }

    /// Forgets what is too old or too much, from the oldest on; what still goes on stays. Looks at
    /// everything, so only now and then.
    private static func prune(_ state: inout State) -> [RecentRequest] {
        state.begun += 1
        if state.begun % 64 != 0 { return [] }
        var forgotten: [RecentRequest] = []
        var bytes = state.queue.reduce(0) { $0 + $1.byteCount }
        var excess = max(0, state.queue.count - countLimit)
        state.queue.removeAll { request in
            let isWanted = request.isUsable(within: lifetime)
            if request.isRunning || (isWanted && bytes <= bytesLimit && excess == 0) {
                return false
            }
            excess = max(0, excess - 1)
            bytes -= request.byteCount
            forgotten.append(request)
            return true
        }
        for request in forgotten {
            state.requests[request.print]?.removeAll { $0 === request }
            if state.requests[request.print]?.isEmpty == true {
                state.requests[request.print] = nil
            }
        }
        return forgotten
    }
}

/// One request and, as soon as there is one, its answer.
///
/// A class, because the request and its retries share it.
final class RecentRequest: Sendable {
    private struct State {
        var answer: Answer?
        var end: ContinuousClock.Instant?
        var waiters: [CheckedContinuation<Answer, Never>] = []
        var retries = 0
    }

    let print: RequestPrint
    private let state = Mutex(State())

    init(_ print: RequestPrint) { self.print = print }

    /// How many retries got this answer.
    var retries: Int { state.withLock { $0.retries } }

    /// Whether the answer is not there yet.
    var isRunning: Bool { state.withLock { $0.answer == nil } }

    /// The stream that the answer is; nil for any other answer.
    var stream: StreamLog? {
        state.withLock { state in
            if case .log(let log) = state.answer?.body { log } else { nil }
        }
    }

    /// How much the answer takes.
    var byteCount: Int { state.withLock { $0.answer?.bytes.count ?? 0 } }

    func noteRetry() { state.withLock { $0.retries += 1 } }

    /// Whether a retry may have this answer: it is not there yet, or not old, and was no failure
    /// that a retry is meant to get over.
    func isUsable(within lifetime: Duration) -> Bool {
        state.withLock { state in
            guard let answer = state.answer, let end = state.end else { return true }
            if answer.status >= 500 || [408, 409, 429].contains(answer.status) { return false }
            if !answer.isShareable { return false }
            return end.duration(to: .now) < lifetime
        }
    }

    /// Gives the answer to everyone who waits for it.
    func finish(_ answer: Answer) {
        let waiters = state.withLock { state in
            state.answer = answer
            state.end = .now
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: answer) }
        guard case .log(let log) = answer.body else { return }
        // A stream counts from its end.
        log.whenEnded { [weak self] _ in self?.state.withLock { $0.end = .now } }
    }

    /// Waits for the answer.
    func answer() async -> Answer {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state in
                if state.answer == nil { state.waiters.append(continuation) }
                return state.answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}
