import Processes

/// What people said about commands before, and the commands whose end nobody saw.
package struct Consents: Hashable, Sendable {
    /// What was said about one command for one assistant.
    package struct Answer: Hashable, Sendable {
        /// The data directory or the server that it is about.
        package var service: String
        package var assistantID: String
        package var function: String
        /// The program and its arguments.
        package var command: [String]
        /// Where the program is, and where it runs.
        package var program: String
        package var folder: String
        /// Whether it may always run; otherwise it never may.
        package var isAllowed: Bool
        /// When it was said, in seconds since 1970.
        package var time: Int
    }

    /// A call that a command was begun for.
    package struct Begun: Hashable, Sendable {
        package var service: String
        package var threadID: String
        package var runID: String
        package var stepID: String
        package var callID: String
        package var function: String
        /// The program and its arguments.
        package var command: [String]
        /// When it was begun, in seconds since 1970.
        package var time: Int
        /// The console that began it.
        var owner: ProcessIdentity
        /// What it came to, once it had ended.
        var output: String?
        /// Whether another console is at it; known when it was read.
        var isHeld = false

        /// Which call it is.
        var key: CallKey { CallKey(run: runID, step: stepID, call: callID) }
    }

    /// The oldest first; about one thing there is one answer.
    package var answers: [Answer] = []
    /// The oldest first.
    package var begun: [Begun] = []

    /// More are not kept: the oldest go.
    static let limit = 2_000

    /// Nothing was said.
    package init() {}

    /// What was said about a command, if anything was.
    func answer(about order: CommandOrder) -> Answer? {
        answers.last { $0.isAbout(order) }
    }

    /// When a call was begun whose end nobody saw.
    func begun(_ order: CommandOrder) -> Begun? {
        begun.last { $0.isAbout(order) }
    }

    /// Remembers an answer in place of the one before.
    mutating func add(_ answer: Answer) {
        answers.removeAll { $0.isAboutSame(as: answer) }
        answers.append(answer)
        answers.removeFirst(max(0, answers.count - Self.limit))
    }

    /// Notes that a call was begun.
    mutating func add(_ call: Begun) {
        begun.removeAll {
            $0.service.isExactly(call.service) && $0.key.isExactly(call.key)
        }
        begun.append(call)
        begun.removeFirst(max(0, begun.count - Self.limit))
    }

    /// Lets go of calls.
    mutating func remove(_ keys: some Collection<CallKey>, service: String) {
        begun.removeAll { call in
            call.service.isExactly(service) && keys.contains { $0.isExactly(call.key) }
        }
    }

    /// Notes what a call came to.
    mutating func end(_ order: CommandOrder, _ output: String) {
        guard output.utf8.count <= Self.outputLimit else { return }
        for place in begun.indices where begun[place].isAbout(order) {
            begun[place].output = output
        }
    }

    /// Longer outputs are not kept for the next console, in bytes.
    static let outputLimit = 1 << 20
}

extension Consents.Answer {
    init(_ order: CommandOrder, isAllowed: Bool, time: Int) {
        self.init(
            service: order.service, assistantID: order.assistantID, function: order.function,
            command: order.command.arguments, program: order.command.program ?? "",
            folder: order.folder, isAllowed: isAllowed, time: time)
    }

    func isAbout(_ order: CommandOrder) -> Bool {
        service.isExactly(order.service) && assistantID.isExactly(order.assistantID)
            && function.isExactly(order.function) && command.isExactly(order.command.arguments)
            && program.isExactly(order.command.program ?? "") && folder.isExactly(order.folder)
    }

    func isAboutSame(as other: Self) -> Bool {
        service.isExactly(other.service) && assistantID.isExactly(other.assistantID)
            && function.isExactly(other.function) && command.isExactly(other.command)
            && program.isExactly(other.program) && folder.isExactly(other.folder)
    }
}

extension Consents.Begun {
    init(_ order: CommandOrder, time: Int) {
        self.init(
            service: order.service, threadID: order.threadID, runID: order.runID,
            stepID: order.stepID, callID: order.callID, function: order.function,
            command: order.command.arguments, time: time, owner: .current)
    }

    /// Where one of the steps is not known it may be this call, so that it is asked about.
    func isAbout(_ order: CommandOrder) -> Bool {
        service.isExactly(order.service) && runID.isExactly(order.runID)
            && callID.isExactly(order.callID)
            && (stepID.isExactly(order.stepID) || stepID.isEmpty || order.stepID.isEmpty)
    }
}

extension CallKey {
    func isExactly(_ other: CallKey) -> Bool {
        run.isExactly(other.run) && step.isExactly(other.step) && call.isExactly(other.call)
    }
}
