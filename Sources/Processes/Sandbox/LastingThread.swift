import CLinux
import Glibc
import Synchronization

/// A thread that never ends, to start sandboxes on.
///
/// A sandbox dies with the thread that started it (`PR_SET_PDEATHSIG` tells of threads, not of
/// processes), and the threads that tasks run on come and go. A class, because it is a thread.
final class LastingThread: Sendable {
    static let shared = LastingThread()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    /// Both ends of a pipe with a byte for each job.
    private let pipe: (read: Int32, write: Int32)
    private let isRunning: Mutex<Bool>

    private init() {
        var (read, write): (Int32, Int32) = (-1, -1)
        let hasPipe = system_pipe(&read, &write) == 0
        pipe = (read, write)
        isRunning = Mutex(false)
        guard hasPipe else { return }
        let code = system_thread(
            { pointer in
                guard let pointer else { return }
                Unmanaged<LastingThread>.fromOpaque(pointer).takeUnretainedValue().loop()
            }, Unmanaged.passRetained(self).toOpaque(), 512 * 1024)
        isRunning.withLock { $0 = code == 0 }
    }

    /// Does a job on this thread; where there is none, on the caller's.
    func run<Result: Sendable>(_ job: @Sendable @escaping () -> Result) async -> Result {
        await withCheckedContinuation { task in
            let work: @Sendable () -> Void = { task.resume(returning: job()) }
            guard isRunning.withLock({ $0 }) else { return work() }
            jobs.withLock { $0.append(work) }
            var byte: UInt8 = 0
            while write(pipe.write, &byte, 1) < 0, errno == EINTR {}
        }
    }

    private func loop() {
        var byte: UInt8 = 0
        while true {
            guard read(pipe.read, &byte, 1) == 1 else { continue }
            let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            job?()
        }
    }
}
