import Assistants
import Processes
import Synchronization
import Terminal

/// Does what the state decided: the only place where something outside of it happens.
///
/// A class, because the terminal's thread hands effects to it and takes results from it while its
/// own task waits for the service.
final class EffectRunner: Sendable {
    private struct Shared {
        var results: [EffectResult] = []
        var waker: TerminalWaker?
        var savesMemory = false
        /// The commands that are at work.
        var commands: [CallKey: Task<String, Never>] = [:]
        /// Those that are about to begin.
        var expected: Set<CallKey> = []
        var isFinished = false
    }

    let service: any AssistantsService
    /// Keeps drafts and reading places; nil when nothing is to be kept.
    let keeper: MemoryKeeper?
    /// Keeps what was said about commands; nil when nothing can be kept.
    let consents: ConsentKeeper?
    /// What consents are about here.
    let place: String
    /// The editor of the configuration.
    let editor: String?
    /// The configuration's command that opens files.
    let opener: String?
    private let voice: Voice
    private let shared = Mutex(Shared())
    private let orders: AsyncStream<Order>
    private let order: AsyncStream<Order>.Continuation

    private enum Order: Sendable {
        case effect(Effect)
        case copy(String, what: String, isSentToTerminal: Bool)
        case saveMemory
    }

    /// How long the last effects may take once the person has left.
    private static let farewell = Duration.seconds(5)
    /// How long changes of the memory are gathered before they are written.
    private static let memoryPause = Duration.milliseconds(300)

    init(service: any AssistantsService, options: ConsoleOptions) {
        self.service = service
        keeper = options.memoryPath.map(MemoryKeeper.init(path:))
        consents = options.consentsPath.map(ConsentKeeper.init(path:))
        place = options.service
        editor = options.editor
        opener = options.opener
        voice = Voice(options.speech)
        (orders, order) = AsyncStream.makeStream(of: Order.self)
    }

    /// Does effects until `finish`, each in a task of its own.
    func run() async {
        // A task says whether it was the clock of the farewell.
        await withTaskGroup(of: Bool.self) { group in
            var tasks = 0
            for await order in orders {
                tasks += 1
                group.addTask {
                    await self.perform(order)
                    return false
                }
                // Finished ones are let go, so that a long sitting does not gather them.
                if tasks > 64 {
                    _ = await group.next()
                    tasks -= 1
                }
            }
            group.addTask {
                // Cancelled when all was done sooner.
                try? await Task.sleep(for: Self.farewell)
                return true
            }
            while tasks > 0, await group.next() == false { tasks -= 1 }
            group.cancelAll()
        }
        keeper?.flush()
    }

    /// No further effect will come.
    func finish() {
        voice.take(.stop) { _ in }
        let commands = shared.withLock { shared in
            shared.isFinished = true
            return shared.commands
        }
        for command in commands.values { command.cancel() }
        order.finish()
    }

    /// Wakes this thread when there are results.
    func wake(by waker: TerminalWaker) { shared.withLock { $0.waker = waker } }

    /// Does an effect soon.
    func perform(_ effect: Effect) {
        if case .remember(let change) = effect { return remember(change) }
        if case .speech(let order) = effect {
            return voice.take(order) { [weak self] in self?.post($0) }
        }
        order.yield(.effect(effect))
    }

    /// Puts text on the system's clipboard too, and says by which ways it went.
    func copy(_ text: String, what: String, isSentToTerminal: Bool) {
        order.yield(.copy(text, what: what, isSentToTerminal: isSentToTerminal))
    }

    /// What came of effects since this was asked last.
    func takeResults() -> [EffectResult] {
        shared.withLock { shared in
            defer { shared.results = [] }
            return shared.results
        }
    }

    func post(_ result: EffectResult) {
        let waker = shared.withLock { shared in
            shared.results.append(result)
            return shared.waker
        }
        waker?.wake()
    }

    /// A command is about to begin, unless `endCommands` comes first.
    func expect(_ call: CallKey) { _ = shared.withLock { $0.expected.insert(call) } }

    /// It has ended, or was not begun.
    func forget(_ call: CallKey) { _ = shared.withLock { $0.expected.remove(call) } }

    /// Waits for a command; nil where `finish` or `endCommands` came first.
    func output(of order: CommandOrder) async -> String? {
        let task = shared.withLock { shared -> Task<String, Never>? in
            guard !shared.isFinished, shared.expected.contains(order.key) else { return nil }
            let task = Task {
                await order.command.run(order.input) { try await Task.sleep(for: $0) }
            }
            shared.commands[order.key] = task
            return task
        }
        guard let task else { return nil }
        defer { shared.withLock { $0.commands[order.key] = nil } }
        let output = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return task.isCancelled ? nil : output
    }

    /// Ends the commands of calls.
    func endCommands(_ calls: Set<CallKey>) {
        let commands = shared.withLock { shared in
            shared.expected.subtract(calls)
            return shared.commands.filter { calls.contains($0.key) }
        }
        for command in commands.values { command.cancel() }
    }

    private func remember(_ change: MemoryChange) {
        guard let keeper else { return }
        keeper.note(change)
        let isFirst = shared.withLock { shared in
            defer { shared.savesMemory = true }
            return !shared.savesMemory
        }
        if isFirst { order.yield(.saveMemory) }
    }

    private func perform(_ order: Order) async {
        switch order {
        case .effect(let effect): await perform(service: effect)
        case .saveMemory:
            // Cancelled at the end, when the rest is written all the same.
            try? await Task.sleep(for: Self.memoryPause)
            shared.withLock { $0.savesMemory = false }
            if let problem = keeper?.flush() { post(.failed(threadID: nil, problem)) }
        case .copy(let text, let what, let isSent):
            var routes = isSent ? ["the terminal"] : []
            if let tool = await Clipboard.copy(text) { routes.append(tool) }
            post(.copied(what: what, routes: routes))
        }
    }
}
