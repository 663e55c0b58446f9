import ChatCompletions
import Synchronization

/// A clock that tests move. Waits before repetitions pass at once and move it; the short waits
/// after a stream's end last until they are cancelled, unless `endsGraces`.
final class ManualChatClock: Sendable {
    private let state = Mutex((now: Duration.zero, waits: [Duration]()))
    private let endsGraces: Bool

    init(endsGraces: Bool = false) {
        self.endsGraces = endsGraces
    }

    /// The waits that passed, in order.
    var waits: [Duration] { state.withLock { $0.waits } }

    /// Moves the time on.
    func advance(by time: Duration) {
        state.withLock { $0.now += time }
    }

    /// The clock for a client.
    var clock: ChatClock {
        ChatClock(
            now: { self.state.withLock { $0.now } },
            sleep: { [endsGraces] duration in
                let isGrace = duration == .seconds(3) || duration == .milliseconds(100)
                if isGrace {
                    // Ended by cancellation as soon as the stream's next piece is there.
                    if !endsGraces { try await Task.sleep(for: .seconds(3_600)) }
                    return
                }
                self.state.withLock { state in
                    state.now += duration
                    state.waits.append(duration)
                }
            })
    }
}
