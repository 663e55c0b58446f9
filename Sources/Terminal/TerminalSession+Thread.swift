internal import CLinux

extension TerminalSession {
    /// Room for the terminal thread's stack, in bytes.
    private static let stackSize = 8 << 20

    /// Runs a client on a thread of its own until it finishes, the terminal goes away or a signal
    /// comes.
    ///
    /// The client is made on that thread. Cancelling the task ends the session. Throws, before
    /// anything on the terminal has changed, when it cannot be used. After `.signal` call
    /// `TerminalEnding.resume()` when all else is put away. One session at a time in a process.
    package static func run(
        _ options: TerminalOptions = TerminalOptions(),
        client make: @escaping @Sendable (TerminalWaker) -> any TerminalClient
    ) async throws(TerminalError) -> TerminalEnding {
        let waker = try TerminalWaker()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let body = ThreadBody {
                    continuation.resume(returning: run(options, waker, make))
                }
                if !body.start(stackSize: stackSize) {
                    continuation.resume(returning: .failure(.system("start a thread", error: 11)))
                }
            }
        } onCancel: {
            waker.end()
        }
        return try result.get()
    }

    private static func run(
        _ options: TerminalOptions, _ waker: TerminalWaker,
        _ make: (TerminalWaker) -> any TerminalClient
    ) -> Result<TerminalEnding, TerminalError> {
        do throws(TerminalError) {
            return .success(
                try TerminalSession(options, waker: waker, client: make(waker)).run())
        } catch {
            return .failure(error)
        }
    }
}

/// What a new thread runs; a class, because a C function carries it there as a pointer.
private final class ThreadBody: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func start(stackSize: Int) -> Bool {
        let carried = Unmanaged.passRetained(self)
        let error = system_thread(
            { Unmanaged<ThreadBody>.fromOpaque($0!).takeRetainedValue().body() },
            carried.toOpaque(), stackSize)
        if error != 0 { carried.release() }
        return error == 0
    }
}
