import Glibc

/// The kernels of all threads: one for each thread that runs code, a few at a time, and one that is
/// ready before anybody asks.
///
/// An actor, because threads share what there may be of them.
package actor KernelPool {
    /// How many kernels there are, and for how long.
    package struct Settings: Hashable, Sendable {
        /// The most kernels at a time, beside the spare one.
        package var maximum = 4
        /// How long a thread's files and what its code defined are kept without use.
        package var idleTime = Duration.seconds(3600)
        /// Whether one kernel is started before it is needed.
        package var keepsSpare = true

        /// The usual settings.
        package init() {}
    }

    /// Where a thread's kernel comes from.
    package enum Origin: Hashable, Sendable {
        /// The thread has had it: what was defined is there.
        case kept
        /// It is the thread's first.
        case first
        /// The one before ended, and what was defined is gone.
        case renewed
    }

    /// What belongs to one thread.
    private struct Session {
        /// Tells it from one that the thread had before it was forgotten.
        var number = 0
        var folder: SharedFolder?
        var kernel: CodeKernel?
        var isInUse = false
        /// Whether its kernel makes room for another's. Its folder is in use until that has ended.
        var isEnding = false
        /// Counts uses of all threads: the least recently used has the lowest.
        var lastUse = 0
        var expiry: Task<Void, Never>?

        /// Whether it has a kernel or is about to get one.
        var hasKernel: Bool { kernel != nil || isInUse }
    }

    private let sandbox: Sandbox
    private let folder: PoolFolder
    private let settings: Settings
    private let clock: any Clock<Duration>
    private var sessions: [String: Session] = [:]
    private var spare: CodeKernel?
    private var preparing: Task<Void, Never>?
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var useCount = 0
    private var count = 0
    private var sessionCount = 0
    private var isClosed = false

    /// Makes a pool that keeps what `/mnt/data` are in a folder of its own below the given one.
    /// What hosts left there that are gone is removed.
    ///
    /// As root the folder must be where others can pass, such as `usualFolder(for:)`: the sandbox
    /// runs as nobody.
    package init(
        _ sandbox: Sandbox, folder path: String, settings: Settings = Settings(),
        clock: any Clock<Duration> = ContinuousClock()
    ) throws(FolderError) {
        self.sandbox = sandbox
        self.settings = settings
        self.clock = clock
        folder = try PoolFolder(in: path, mode: sandbox.user == nil ? 0o700 : 0o711)
    }

    /// Where the pool of a host with this data directory keeps its files.
    package static func usualFolder(for dataDirectory: String) -> String {
        if geteuid() != 0 { return dataDirectory + "/sandbox" }
        // Nobody else may make it first, and everybody may pass.
        return "/var/cache/switchboard"
    }

    /// Has a kernel ready for whoever comes next. Called when a run begins that may need it.
    package func prepare() {
        guard settings.keepsSpare, spare == nil, preparing == nil, !isClosed else { return }
        preparing = Task { await startSpare() }
    }

    /// Waits until the kernel that is being made ready is.
    package func prepared() async { await preparing?.value }

    /// Whether the kernel of a thread makes room for another's.
    func isEnding(_ thread: String) -> Bool { sessions[thread]?.isEnding == true }

    /// Lends the kernel of a thread, and says where it comes from.
    ///
    /// Waits while the thread's kernel or all that there may be are in use. When the body ends with
    /// its cell unread, the code is stopped before this returns.
    /// - Throws: `SandboxProblem`, `FolderError`, `CancellationError`, and what the body throws.
    package nonisolated func withKernel<Result>(
        of thread: String, _ body: (CodeKernel, Origin) async throws -> Result
    ) async throws -> Result {
        let (kernel, origin) = try await take(thread)
        do {
            let result = try await body(kernel, origin)
            await giveBack(thread, kernel)
            return result
        } catch {
            await giveBack(thread, kernel)
            throw error
        }
    }

    /// Copies a file of a thread to a new one on the host, whether or not the thread has a kernel.
    /// - Throws: also when the thread has run no code in the last hour.
    @concurrent
    package nonisolated func copy(
        _ path: String, of thread: String, to target: String
    ) async throws(FolderError) {
        guard let folder = await folder(of: thread) else { throw .failed("read", code: ENOENT) }
        let limits = sandbox.limits
        try folder.copy(
            path, to: target, limit: limits.fileBytes, keeping: limits.freeDiskBytes)
    }

    /// The folder of a thread's files; nil where it has none.
    func folder(of thread: String) -> SharedFolder? { sessions[thread]?.folder }

    /// Ends the kernel of a thread and removes its files, as when the thread is deleted.
    package func forget(_ thread: String) async {
        guard let session = sessions.removeValue(forKey: thread) else { return }
        await discard(session)
        wakeAll()
    }

    /// Ends all kernels and removes their files.
    package func close() async {
        isClosed = true
        preparing?.cancel()
        await preparing?.value
        let all = sessions.values
        sessions = [:]
        for session in all { await discard(session) }
        if let spare { await discard(Session(folder: spare.folder, kernel: spare)) }
        spare = nil
        wakeAll()
        folder.remove()
    }

    // MARK: Lending

    private func take(_ thread: String) async throws -> (CodeKernel, Origin) {
        while true {
            try Task.checkCancellation()
            if isClosed { throw CancellationError() }
            if let session = sessions[thread], session.isInUse || session.isEnding {
                await wait()
            } else if hasRoom(for: thread) {
                break
            } else if let oldest = oldestIdle {
                // Its files stay for as long as they would have.
                await endKernel(of: oldest)
            } else {
                await wait()
            }
        }
        sessionCount += 1
        var session = sessions[thread] ?? Session(number: sessionCount)
        session.expiry?.cancel()
        session.isInUse = true
        let old = session.kernel
        sessions[thread] = session
        if let old, await old.isAlive { return (old, .kept) }
        do {
            let kernel = try await newKernel(for: session.folder)
            // Meanwhile the thread may have been forgotten, and may be another's by now.
            guard !isClosed, sessions[thread]?.number == session.number else {
                await discard(Session(folder: kernel.folder, kernel: kernel))
                if isClosed { folder.remove() }
                throw CancellationError()
            }
            sessions[thread]?.folder = kernel.folder
            sessions[thread]?.kernel = kernel
            return (kernel, session.folder == nil ? .first : .renewed)
        } catch {
            if sessions[thread]?.number == session.number {
                sessions[thread]?.isInUse = false
                sessions[thread]?.kernel = nil
                expireLater(thread)
            }
            wakeAll()
            throw error
        }
    }

    /// Ends the kernel of a thread, which has it until then: whoever forgets the thread meanwhile
    /// waits for that.
    private func endKernel(of thread: String) async {
        let kernel = sessions[thread]?.kernel
        sessions[thread]?.isEnding = true
        await kernel?.stop()
        if let kernel, sessions[thread]?.kernel === kernel {
            sessions[thread]?.kernel = nil
            sessions[thread]?.isEnding = false
        }
        wakeAll()
    }

    /// Whether the thread has a kernel or may get one.
    private func hasRoom(for thread: String) -> Bool {
        sessions[thread]?.hasKernel == true
            || sessions.values.count(where: \.hasKernel) < max(1, settings.maximum)
    }

    /// The thread whose kernel was not used for longest.
    private var oldestIdle: String? {
        let idle = sessions.filter {
            $0.value.kernel != nil && !$0.value.isInUse && !$0.value.isEnding
        }
        return idle.min { $0.value.lastUse < $1.value.lastUse }?.key
    }

    private func newKernel(for folder: SharedFolder?) async throws -> CodeKernel {
        if folder == nil, let ready = spare {
            spare = nil
            if await ready.isAlive { return ready }
            ready.folder.remove()
        }
        let place = try folder ?? newFolder()
        do {
            return try await CodeKernel.start(in: sandbox, folder: place, clock: clock)
        } catch {
            if folder == nil { place.remove() }
            throw error
        }
    }

    private func newFolder() throws(FolderError) -> SharedFolder {
        count += 1
        return try SharedFolder(at: "\(folder.path)/\(count)", user: sandbox.user)
    }

    private func giveBack(_ thread: String, _ kernel: CodeKernel) async {
        await kernel.settled()
        // A thread may have been forgotten meanwhile.
        if sessions[thread]?.kernel === kernel {
            useCount += 1
            sessions[thread]?.lastUse = useCount
            sessions[thread]?.isInUse = false
            if await !kernel.isAlive { sessions[thread]?.kernel = nil }
            expireLater(thread)
        } else {
            await discard(Session(folder: kernel.folder, kernel: kernel))
        }
        wakeAll()
    }

    private func expireLater(_ thread: String) {
        let use = sessions[thread]?.lastUse
        sessions[thread]?.expiry?.cancel()
        sessions[thread]?.expiry = Task { [weak self, clock, settings] in
            do { try await clock.sleep(for: settings.idleTime) } catch { return }
            await self?.expire(thread, use)
        }
    }

    private func expire(_ thread: String, _ use: Int?) async {
        guard let session = sessions[thread], !session.isInUse, session.lastUse == use else {
            return
        }
        sessions[thread] = nil
        await discard(session)
        wakeAll()
    }

    private func discard(_ session: Session) async {
        session.expiry?.cancel()
        await session.kernel?.stop()
        if let folder = session.folder { await Self.remove(folder) }
    }

    /// Not here: it can take a while, and all threads wait for the pool.
    @concurrent
    private static func remove(_ folder: SharedFolder) async { folder.remove() }

    // MARK: The spare one

    private func startSpare() async {
        defer { preparing = nil }
        guard let kernel = try? await newKernel(for: nil) else { return }
        if kernel.packages.contains("matplotlib") {
            // What the first picture needs takes a second to load.
            let code = """
                import io, matplotlib.pyplot as plots
                plots.plot([0, 1])
                plots.title("0")
                plots.savefig(io.BytesIO(), format="png")
                plots.close("all")
                del io, plots
                """
            if let events = try? await kernel.run(code) { for await _ in events {} }
            await kernel.settled()
        }
        if isClosed {
            await discard(Session(folder: kernel.folder, kernel: kernel))
        } else {
            spare = kernel
        }
    }

    // MARK: Waiting

    private func wait() async {
        count += 1
        let number = count
        await withTaskCancellationHandler {
            await withCheckedContinuation { task in
                if Task.isCancelled { task.resume() } else { waiting[number] = task }
            }
        } onCancel: {
            // Cancelling is no place to wait for the pool.
            Task { await self.wake(number) }
        }
    }

    private func wake(_ number: Int) { waiting.removeValue(forKey: number)?.resume() }

    private func wakeAll() {
        let all = waiting
        waiting = [:]
        for task in all.values { task.resume() }
    }
}
