import CLinux
import Glibc
import Synchronization

// The thread that owns the descriptors of one child.
extension ChildPipes {
    private typealias Waiting = CheckedContinuation<Void, Never>

    /// Starts the thread, which ends when the process has ended and its output was read.
    func start() {
        let code = system_thread(
            { pointer in
                guard let pointer else { return }
                Unmanaged<ChildPipes>.fromOpaque(pointer).takeRetainedValue().loop()
            }, Unmanaged.passRetained(self).toOpaque(), 256 * 1024)
        if code == 0 { return }
        Unmanaged.passUnretained(self).release()
        signal(SIGKILL)
        finish(reaping: true)
    }

    private func loop() {
        // A write to a child that is gone is an error here, not a signal.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        var isLive = true
        while isLive {
            var polled = wanted()
            if poll(&polled, nfds_t(polled.count), -1) < 0 { continue }
            if polled[0].revents != 0 {
                var count: UInt64 = 0
                _ = read(wakeSign, &count, 8)
            }
            if polled[2].revents != 0 { feed() }
            for source in 0..<2 where polled[3 + source].revents != 0 { drain(source) }
            // What it wrote before its end is read first: the pipes are there longer than it.
            if polled[1].revents != 0 { reap() }
            isLive = !settle()
        }
        finish(reaping: false)
    }

    /// What to wait for: the wake, the end, room in the input, and bytes of both outputs.
    private func wanted() -> [pollfd] {
        state.withLock { state in
            let writes = !state.unwritten.isEmpty || state.inputIsEnding
            var polled = [
                pollfd(fd: wakeSign, events: Int16(POLLIN), revents: 0),
                pollfd(fd: state.ending == nil ? endSign : -1, events: Int16(POLLIN), revents: 0),
                // Without bytes to write it still tells that nobody reads any more.
                pollfd(
                    fd: state.inputIsClosed ? -1 : input,
                    events: writes ? Int16(POLLOUT) : 0, revents: 0),
            ]
            for (reading, descriptor) in zip(state.readings, outputs) {
                let hasRoom = reading.unread.count < Self.unreadLimit
                polled.append(
                    pollfd(
                        fd: reading.isOver || !hasRoom ? -1 : descriptor,
                        events: Int16(POLLIN), revents: 0))
            }
            return polled
        }
    }

    /// Writes what the pipe takes.
    private func feed() {
        let task = state.withLock { state -> Waiting? in
            while !state.unwritten.isEmpty {
                let count = state.unwritten.withUnsafeBytes {
                    Glibc.write(input, $0.baseAddress, $0.count)
                }
                if count > 0 {
                    state.unwritten = state.unwritten.dropFirst(count)
                } else if errno == EAGAIN {
                    return nil
                } else if errno != EINTR {
                    return state.closeInput(input)
                }
            }
            var poll = pollfd(fd: input, events: 0, revents: 0)
            let isUnread = Glibc.poll(&poll, 1, 0) > 0
            if state.inputIsEnding || isUnread { return state.closeInput(input) }
            defer { state.writer = nil }
            return state.writer
        }
        task?.resume()
    }

    /// Reads what is there.
    private func drain(_ source: Int) {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(outputs[source], &bytes, bytes.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        let task = state.withLock { state -> Waiting? in
            if count > 0 {
                if !state.isAbandoned { state.readings[source].unread += bytes[..<count] }
            } else {
                close(outputs[source])
                state.readings[source].isOver = true
            }
            defer { state.readings[source].reader = nil }
            return state.readings[source].reader
        }
        task?.resume()
    }

    /// Takes the status of the child that has ended, and ends what it left behind.
    private func reap() {
        let tasks = state.withLock { state -> [Waiting] in
            guard state.ending == nil else { return [] }
            Glibc.kill(-process, SIGKILL)
            state.ending = ProcessEnding(reaping: process)
            defer { state.enders = [] }
            var tasks = state.enders
            if let writer = state.closeInput(input) { tasks.append(writer) }
            return tasks
        }
        for task in tasks { task.resume() }
    }

    /// After the child's end: closes what gives nothing more. Whether all is over.
    private func settle() -> Bool {
        let isOver = state.withLock { $0.ending != nil }
        guard isOver else { return false }
        for source in 0..<2 {
            while hasMore(source) { drain(source) }
            // A process that left the group may hold the pipe; it is not waited for.
            let task = state.withLock { state -> Waiting? in
                let isFull = state.readings[source].unread.count >= Self.unreadLimit
                if state.readings[source].isOver || isFull && !state.isAbandoned { return nil }
                close(outputs[source])
                state.readings[source].isOver = true
                defer { state.readings[source].reader = nil }
                return state.readings[source].reader
            }
            task?.resume()
        }
        return state.withLock { $0.isGone }
    }

    /// Whether a stream has bytes that can be read now, and room for them.
    private func hasMore(_ source: Int) -> Bool {
        let reads = state.withLock { state in
            !state.readings[source].isOver && !state.isAbandoned
                && state.readings[source].unread.count < Self.unreadLimit
        }
        var poll = pollfd(fd: outputs[source], events: Int16(POLLIN), revents: 0)
        return reads && Glibc.poll(&poll, 1, 0) > 0 && poll.revents & Int16(POLLIN) != 0
    }

    /// Closes what only the thread closes; without a thread, all.
    private func finish(reaping: Bool) {
        if reaping {
            reap()
            while !settle() { state.withLock { $0.isAbandoned = true } }
        }
        close(endSign)
        close(wakeSign)
    }
}

extension ChildPipes.State {
    /// Closes standard input; the task that waits to write.
    fileprivate mutating func closeInput(_ descriptor: Int32) -> CheckedContinuation<Void, Never>? {
        if inputIsClosed { return nil }
        close(descriptor)
        inputIsClosed = true
        unwritten = []
        // What was not taken is told as an error.
        defer { writer = nil }
        return writer
    }
}
