import CLinux
import Glibc
import Synchronization

/// What a running child and those who talk to it share.
///
/// The descriptors belong to a thread that waits for all of them at once. A class, because that
/// thread and the tasks meet in it.
final class ChildPipes: Sendable {
    /// The streams that are read.
    enum Source: Int, Sendable { case output, errors }

    /// So many unread bytes of a stream may wait here; then the child waits.
    static let unreadLimit = 256 * 1024

    /// One stream that is read.
    struct Reading {
        var unread: [UInt8] = []
        var isOver = false
        var reader: CheckedContinuation<Void, Never>?
    }

    struct State {
        var unwritten: ArraySlice<UInt8> = []
        /// Whether some of it was given up.
        var isCut = false
        var inputIsEnding = false
        var inputIsClosed = false
        var writer: CheckedContinuation<Void, Never>?
        var readings = [Reading(), Reading()]
        var ending: ProcessEnding?
        var enders: [CheckedContinuation<Void, Never>] = []
        var isAbandoned = false
    }

    let process: Int32
    /// Our ends of the three pipes.
    let input: Int32
    let outputs: [Int32]
    /// Becomes readable at the child's end.
    let endSign: Int32
    /// Wakes the thread.
    let wakeSign: Int32
    let state = Mutex(State())

    init(_ launch: Launch) throws(ProcessError) {
        let name = launch.arguments.first ?? ""
        let pipes = try Self.pipes(name)
        defer { for pipe in pipes { close(pipe.theirs) } }
        var launch = launch
        launch.hasOwnSession = true
        launch.input = .descriptor(pipes[0].theirs)
        launch.output = .descriptor(pipes[1].theirs)
        launch.errors = .descriptor(pipes[2].theirs)
        input = pipes[0].ours
        outputs = [pipes[1].ours, pipes[2].ours]
        wakeSign = system_eventfd()
        do throws(ProcessError) {
            process = wakeSign < 0 ? -1 : try launch.spawn()
        } catch {
            for descriptor in pipes.map(\.ours) + [wakeSign] { close(descriptor) }
            throw error
        }
        endSign = process < 0 ? -1 : system_process_descriptor(process)
        if endSign >= 0 { return }
        let code = errno
        if process > 0 {
            Glibc.kill(-process, SIGKILL)
            _ = ProcessEnding(reaping: process)
        }
        for descriptor in pipes.map(\.ours) + [wakeSign] { close(descriptor) }
        throw .notStarted(name, code: code)
    }

    /// A pipe to standard input and two from the others; our ends do not block.
    private static func pipes(
        _ name: String
    ) throws(ProcessError) -> [(ours: Int32, theirs: Int32)] {
        var pipes: [(ours: Int32, theirs: Int32)] = []
        for number in 0..<3 {
            var (read, write): (Int32, Int32) = (-1, -1)
            guard system_pipe(&read, &write) == 0 else {
                let code = errno
                for pipe in pipes {
                    close(pipe.ours)
                    close(pipe.theirs)
                }
                throw .notStarted(name, code: code)
            }
            let pipe = number == 0 ? (ours: write, theirs: read) : (ours: read, theirs: write)
            _ = fcntl(pipe.ours, F_SETFL, O_NONBLOCK)
            pipes.append(pipe)
        }
        return pipes
    }

    // MARK: Tasks

    func write(_ bytes: [UInt8]) async throws(ProcessError) {
        state.withLock { $0.unwritten = bytes[...] }
        wake()
        await suspend { state, task in
            if state.unwritten.isEmpty || state.inputIsClosed || Task.isCancelled { return false }
            state.writer = task
            return true
        } onCancel: { state in
            state.cut()
            defer { state.writer = nil }
            return state.writer
        }
        // What was taken before is as good as if nobody had cancelled it.
        let isCut = state.withLock { state in
            if Task.isCancelled { state.cut() }
            defer { state.isCut = false }
            return state.isCut
        }
        if isCut { throw .cancelled }
        let isClosed = state.withLock { $0.inputIsClosed }
        if isClosed { throw .inputClosed }
    }

    func closeInput() {
        state.withLock { $0.inputIsEnding = true }
        wake()
    }

    func next(_ source: Source) async throws(ProcessError) -> [UInt8]? {
        let number = source.rawValue
        await suspend { state, task in
            let reading = state.readings[number]
            if !reading.unread.isEmpty || reading.isOver || Task.isCancelled { return false }
            state.readings[number].reader = task
            return true
        } onCancel: { state in
            defer { state.readings[number].reader = nil }
            return state.readings[number].reader
        }
        let bytes = state.withLock { state in
            defer { state.readings[number].unread = [] }
            return state.readings[number].unread
        }
        if bytes.isEmpty {
            if Task.isCancelled { throw .cancelled }
            return nil
        }
        // There is room again.
        wake()
        return bytes
    }

    func awaitEnd() async -> ProcessEnding {
        while true {
            if let ending = state.withLock({ $0.ending }) { return ending }
            await withCheckedContinuation { task in
                let isOver = state.withLock { state in
                    if state.ending == nil { state.enders.append(task) }
                    return state.ending != nil
                }
                if isOver { task.resume() }
            }
        }
    }

    /// Sends the group a signal. Until the leader was reaped, its number belongs to nobody else.
    func signal(_ number: Int32) {
        state.withLock { if $0.ending == nil { _ = kill(-process, number) } }
    }

    /// Nobody reads or writes any more.
    func abandon() {
        signal(SIGKILL)
        state.withLock { $0.isAbandoned = true }
        wake()
    }

    private func wake() {
        // The thread may be gone with its descriptors, and their numbers may be others'.
        state.withLock { state in
            if state.isGone { return }
            var one: UInt64 = 1
            _ = Glibc.write(wakeSign, &one, 8)
        }
    }

    /// Suspends the task where `enter` kept it; `onCancel` gives it back.
    private func suspend(
        _ enter: (inout State, CheckedContinuation<Void, Never>) -> Bool,
        onCancel: @Sendable @escaping (inout State) -> CheckedContinuation<Void, Never>?
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { task in
                let waits = state.withLock { enter(&$0, task) }
                if !waits { task.resume() }
            }
        } onCancel: {
            state.withLock { onCancel(&$0) }?.resume()
        }
    }
}

extension ChildPipes.State {
    /// What is left to be written must not follow later.
    fileprivate mutating func cut() {
        isCut = isCut || !unwritten.isEmpty
        unwritten = []
    }

    /// Whether the thread has ended: the process is over and every stream is closed.
    var isGone: Bool { ending != nil && inputIsClosed && readings.allSatisfy(\.isOver) }
}
