import Wire

/// A Python in a sandbox that runs one cell after the other and keeps what they define.
///
/// An actor, because it is one process that its caller, its output and its limits all reach.
package actor CodeKernel {
    /// The longest code that is run, in bytes.
    package static let codeLimit = 1 << 20
    /// The most files that one cell may tell.
    static let fileLimit = 1000
    /// How long a kernel may take until it is ready.
    static let startTime = Duration.seconds(30)
    /// How often a cell's use of the disk is looked at.
    static let watchInterval = Duration.milliseconds(250)
    /// How long code may take to stop that nobody waits for any more.
    static let abandonedTime = Duration.milliseconds(500)

    /// The cell that runs.
    private struct Cell {
        let number: Int
        let events: AsyncStream<CellEvent>.Continuation
        /// What ends it in time.
        var limit: Task<Void, Never>?
        /// What watches its use of the disk.
        var watch: Task<Void, Never>?
        /// What kills it when it does not stop.
        var grace: (time: Duration, task: Task<Void, Never>)?
        /// What was on the disk before it began; nil until then, and once it is killed.
        var before: FolderUse?
        /// Whether its kernel was given all of its code.
        var isSent = false
        /// How it ended, as the kernel says.
        var ending: CellEnding?
        /// Why it was stopped.
        var stop: CellStop?
        var textLeft: Int
        var imagesLeft: Int
        var imageBytesLeft: Int
        var filesLeft = CodeKernel.fileLimit
        /// Who waits for its end.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// What its code sees as `/mnt/data`.
    package nonisolated let folder: SharedFolder
    /// The version of Python.
    package nonisolated let python: String
    /// Which of matplotlib, numpy and pandas it has.
    package nonisolated let packages: [String]

    nonisolated let process: SandboxedProcess
    private let limits: SandboxLimits
    private let clock: any Clock<Duration>
    private var reader: KernelReader
    private var cell: Cell?
    private var count = 0
    /// What all cells until now took of the disk, also in files that have no name any more.
    private var taken = 0
    private var hasEnded = false
    private var listening: Task<Void, Never>?

    /// Starts a kernel; returns when it is ready.
    package static func start(
        in sandbox: Sandbox, folder: SharedFolder, clock: any Clock<Duration> = ContinuousClock()
    ) async throws(SandboxProblem) -> CodeKernel {
        let process = try await sandbox.start(
            [Sandbox.python, "-I", "-B", "/opt/kernel.py", "\(sandbox.limits.outputBytes)"],
            folder: folder.path, files: ["/opt/kernel.py": PackageResources.kernel_py],
            environment: [
                "MPLCONFIGDIR": "/tmp/.matplotlib", "MPLBACKEND": "module://switchboard_figures",
                "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
            ])
        let deadline = Task {
            do { try await clock.sleep(for: startTime) } catch { return }
            process.child.end()
        }
        defer { deadline.cancel() }
        var reader = KernelReader()
        while let bytes = try? await process.child.nextOutput() {
            for case .ready(let python, let packages) in reader.feed(bytes) {
                let kernel = CodeKernel(
                    process, folder, python, packages, reader, sandbox.limits, clock)
                await kernel.listen()
                return kernel
            }
        }
        process.child.end()
        var said: [UInt8] = []
        while said.count < 64 << 10, let more = try? await process.child.nextErrors() {
            said += more
        }
        let ending = await process.ending()
        if said.isEmpty { throw .notStarted(sentence(ending)) }
        throw SandboxProblem(said: String(decoding: said, as: UTF8.self))
    }

    private init(
        _ process: SandboxedProcess, _ folder: SharedFolder, _ python: String,
        _ packages: [String], _ reader: KernelReader, _ limits: SandboxLimits,
        _ clock: any Clock<Duration>
    ) {
        self.process = process
        self.folder = folder
        self.python = python
        self.packages = packages
        self.reader = reader
        self.limits = limits
        self.clock = clock
    }

    deinit {
        listening?.cancel()
        process.child.end()
    }

    /// Whether it can run a cell, now or when it has run another.
    package var isAlive: Bool { !hasEnded }

    /// Runs a cell and tells what comes of it; the last event is `ended`.
    ///
    /// What it leaves behind, such as a thread or a program, stands still until the next cell.
    /// When nobody reads the events any more, because the reading task was cancelled or went on to
    /// something else, the code is stopped, and killed half a second later.
    package func run(_ code: String) async throws(CellRefusal) -> AsyncStream<CellEvent> {
        if hasEnded { throw .ended }
        if cell != nil { throw .busy }
        if code.utf8.count > Self.codeLimit { throw .tooLong }
        count += 1
        let number = count
        let (stream, events) = AsyncStream.makeStream(of: CellEvent.self)
        // The stream's own end, which no task of ours waits for; it does nothing but this.
        events.onTermination = { [weak self] reason in
            guard case .cancelled = reason else { return }
            Task { await self?.abandon(number) }
        }
        reader.beginCell()
        cell = Cell(
            number: number, events: events, textLeft: limits.outputBytes,
            imagesLeft: limits.images, imageBytesLeft: 2 * limits.imageBytes)
        var before = await Self.measure(folder)
        before.free += taken
        if Task.isCancelled {
            // Nothing has begun, and the kernel is as good as before.
            endCell(.interrupted(.asked))
        }
        guard cell != nil else { return stream }
        cell?.before = before
        cell?.limit = startLimit(number)
        cell?.watch = startWatch(number, before)
        process.child.resume()
        await send(code, number)
        return stream
    }

    private func send(_ code: String, _ number: Int) async {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("cell", number)
        writer.member("code", code)
        writer.endObject()
        do {
            try await process.child.write(writer.bytes + [UInt8(ascii: "\n")])
        } catch {
            // Half a request is worth nothing. Its end is told to the stream.
            return process.child.end()
        }
        cell?.isSent = true
        await finish()
    }

    /// Stops the cell that runs, as Ctrl+C would; kills it when it does not stop.
    package func interrupt() { stop(.asked, grace: limits.graceTime) }

    /// Waits until no cell runs, as after the task that read its events was cancelled.
    package func settled() async {
        if cell == nil { return }
        await withCheckedContinuation { cell?.waiting.append($0) }
    }

    /// Ends the kernel. What runs in it is killed.
    package func stop() async {
        process.child.end()
        _ = await process.ending()
        await listening?.value
    }

    // MARK: Limits

    private func startLimit(_ number: Int) -> Task<Void, Never> {
        Task { [weak self, clock, limits] in
            do { try await clock.sleep(for: limits.cellTime) } catch { return }
            await self?.reachTimeLimit(number)
        }
    }

    private func startWatch(_ number: Int, _ before: FolderUse) -> Task<Void, Never> {
        let isCounted = process.group != nil
        return Task { [weak self, clock, limits, folder] in
            while !Task.isCancelled {
                do { try await clock.sleep(for: Self.watchInterval) } catch { return }
                let now = await Self.measure(folder)
                if let stop = Self.verdict(on: now, before: before, limits) {
                    await self?.kill(number, stop)
                }
                // Files in memory that have no bytes are counted by nothing else.
                if !isCounted, let free = Self.freeMemory, free < limits.freeMemoryBytes {
                    await self?.kill(number, .memory)
                }
            }
        }
    }

    private func reachTimeLimit(_ number: Int) {
        guard cell?.number == number else { return }
        stop(
            .timeLimit(seconds: Int(limits.cellTime.components.seconds)), grace: limits.graceTime)
    }

    private func abandon(_ number: Int) {
        guard cell?.number == number else { return }
        stop(.asked, grace: Self.abandonedTime)
    }

    private func stop(_ reason: CellStop, grace: Duration) {
        guard let number = cell?.number, !hasEnded else { return }
        if cell?.stop == nil { cell?.stop = reason }
        process.child.interrupt()
        // Asking again gives no more time.
        if let running = cell?.grace, running.time <= grace { return }
        cell?.grace?.task.cancel()
        let task = Task { [weak self, clock] in
            do { try await clock.sleep(for: grace) } catch { return }
            await self?.kill(number, reason)
        }
        cell?.grace = (grace, task)
    }

    private func kill(_ number: Int?, _ reason: CellStop) {
        guard cell?.number == number else { return }
        if cell?.stop == nil { cell?.stop = reason }
        // Its end is the kernel's now, whatever that says.
        cell?.before = nil
        process.child.end()
    }

    // MARK: What it says

    private func listen() {
        let child = process.child
        listening = Task { [weak self] in
            while let bytes = try? await child.nextOutput() { await self?.take(bytes) }
            if Task.isCancelled { return }
            // Its events ended before it did, or it closed them: it is of no use any more.
            child.end()
            await self?.takeEnd()
        }
    }

    private func take(_ bytes: [UInt8]) async {
        for event in reader.feed(bytes) { await take(event) }
        // It should stand still. What it said before is heard now; more must not come.
        if cell == nil { process.child.pause() }
        // Text is cut long before, so that this is no longer the kernel that speaks.
        if reader.byteCount > limits.outputBytes * 16 + (4 << 20) { kill(cell?.number, .flood) }
    }

    private func take(_ event: KernelEvent) async {
        switch event {
        case .ready: break
        case .begun(let number):
            // What was sent before the code ran was not heard.
            if cell?.number == number, cell?.stop != nil { process.child.interrupt() }
        case .text(let text, let source): tell(text, source)
        case .cut: cut()
        case .image(let name): tellImage(name)
        case .file(let name): tellFile(name)
        case .done(let number, var ending):
            // Before it began it cannot be over, whoever says so.
            guard let cell, cell.number == number, cell.before != nil, cell.ending == nil else {
                return
            }
            if case .interrupted = ending { ending = .interrupted(cell.stop ?? .asked) }
            self.cell?.ending = ending
            await finish()
        }
    }

    private func tell(_ text: String, _ source: CellEvent.Source) {
        guard let left = cell?.textLeft, left >= 0 else { return }
        var part = text.unicodeScalars[...]
        var size = text.utf8.count
        while size > left, let last = part.popLast() { size -= UTF8.width(last) }
        cell?.textLeft = left - size
        if size > 0 { cell?.events.yield(.text(String(part), source)) }
        if size < text.utf8.count { cut() }
    }

    private func cut() {
        guard let left = cell?.textLeft, left >= 0 else { return }
        cell?.textLeft = -1
        cell?.events.yield(.cut)
    }

    /// Takes an image out of the folder. What is there under its name may be anything.
    private func tellImage(_ name: String) {
        defer { folder.removeFile(name) }
        guard let left = cell?.imagesLeft, left > 0 else { return }
        // Those that are none count: we took the time to look.
        cell?.imagesLeft = left - 1
        let beginning: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard
            let room = cell?.imageBytesLeft,
            let bytes = try? folder.contents(
                of: name, limit: min(limits.imageBytes, room), beginning: beginning)
        else { return }
        // A file that takes nothing of the code's disk can take much of ours.
        cell?.imageBytesLeft = room - bytes.count
        cell?.events.yield(.image(bytes))
    }

    private func tellFile(_ name: String) {
        guard let left = cell?.filesLeft, left > 0 else { return }
        cell?.filesLeft = left - 1
        cell?.events.yield(.file(name))
    }

    /// Ends the cell when its kernel says that it is over and has taken all of it.
    ///
    /// The code may have said so itself. So nothing runs from here on until the next cell, when
    /// there are limits again; and what it made is counted once more.
    private func finish() async {
        guard let over = cell, over.isSent, let ending = over.ending, let before = over.before
        else { return }
        process.child.pause()
        let now = await Self.measure(folder)
        guard cell?.number == over.number, cell?.before != nil else { return }
        if let stop = Self.verdict(on: now, before: before, limits) {
            return kill(over.number, stop)
        }
        taken = max(0, before.free - now.free)
        endCell(ending)
    }

    private func takeEnd() async {
        hasEnded = true
        let ending = await process.ending()
        guard let stop = cell?.stop else { return endCell(.died(Self.sentence(ending))) }
        var sentence = "It was stopped: \(stop.description)."
        if await Self.isOverfull(folder, after: stop, limits) {
            await Self.empty(folder)
            sentence += " Its files were removed."
        }
        endCell(.died(sentence))
    }

    private func endCell(_ ending: CellEnding) {
        guard let over = cell else { return }
        cell = nil
        for task in [over.limit, over.watch, over.grace?.task] { task?.cancel() }
        over.events.yield(.ended(ending))
        over.events.finish()
        for task in over.waiting { task.resume() }
    }

    /// Why a kernel ended that nobody ended. Bubblewrap passes a signal on as a status above 128.
    private static func sentence(_ ending: ProcessEnding) -> String {
        switch ending {
        case .exited(128 + 6): "Python gave up."
        case .exited(128 + 9): "It was killed, most likely for the memory that it took."
        case .exited(128 + 11): "Python crashed."
        case .exited(128 + 24): "It used all of its processor time."
        case .exited(let status): "Python exited with status \(status)."
        case .killed: "The sandbox was ended."
        }
    }
}
