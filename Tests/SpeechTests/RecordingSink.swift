import Speech
import Synchronization
import TestSupport

/// A sink that keeps what it got.
final class RecordingSink: AudioSink {
    private struct State {
        var bytes: [UInt8] = []
        var finishes = 0
        var stops = 0
        var waiters: [(count: Int, task: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    /// What it fails with at the first byte.
    let failure: SpeechError?

    init(failure: SpeechError? = nil) { self.failure = failure }

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var finishes: Int { state.withLock { $0.finishes } }
    var stops: Int { state.withLock { $0.stops } }

    func write(_ bytes: [UInt8]) async throws(SpeechError) {
        if let failure { throw failure }
        let due = state.withLock { state in
            state.bytes += bytes
            let due = state.waiters.filter { $0.count <= state.bytes.count }
            state.waiters.removeAll { $0.count <= state.bytes.count }
            return due
        }
        for waiter in due { waiter.task.resume() }
    }

    func finish() async throws(SpeechError) { state.withLock { $0.finishes += 1 } }
    func stop() { state.withLock { $0.stops += 1 } }

    /// Waits until so many bytes came.
    func wait(forBytes count: Int) async {
        await withCheckedContinuation { task in
            let isThere = state.withLock { state in
                if state.bytes.count < count { state.waiters.append((count, task)) }
                return state.bytes.count >= count
            }
            if isThere { task.resume() }
        }
    }
}
