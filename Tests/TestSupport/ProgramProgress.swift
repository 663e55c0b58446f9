import Glibc
import Synchronization

/// What a running program has done so far, shared by the threads that watch it and those who wait.
final class ProgramProgress: Sendable {
    /// How far it has come.
    struct State: Sendable {
        var result = Program.Result()
        var openStreams = 2
        var hasEnded = false
        /// Counts up with every change.
        var changes = 0
        fileprivate var waiting: [CheckedContinuation<Void, Never>] = []

        /// Whether it has ended and everything it said was read.
        var isOver: Bool { hasEnded && openStreams == 0 }
    }

    private let state = Mutex(State())

    /// How far it has come by now.
    var now: State { state.withLock { $0 } }

    /// Waits until something changes after the change of this number.
    func change(after number: Int) async {
        await withCheckedContinuation { continuation in
            let isPast = state.withLock { state in
                if state.changes == number { state.waiting.append(continuation) }
                return state.changes != number
            }
            if isPast { continuation.resume() }
        }
    }

    /// Changes the state and wakes who waits for that.
    func change(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    /// Reads a stream to its end, on a thread of its own.
    func read(_ descriptor: Int32, _ take: (inout Program.Result, ArraySlice<UInt8>) -> Void) {
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                change { take(&$0.result, chunk[..<count]) }
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        close(descriptor)
        change { $0.openStreams -= 1 }
    }

    /// Waits for a process to end, on a thread of its own.
    func awaitEnd(of process: Int32) {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 && errno == EINTR {}
        let ending = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
        change { state in
            state.result.status = ending
            state.hasEnded = true
        }
    }
}
