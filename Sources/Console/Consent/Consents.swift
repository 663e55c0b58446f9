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
        package var callID: String
        package var function: String
        /// The program and its arguments.
        package var command: [String]
        /// When it was begun, in seconds since 1970.
        package var time: Int
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
            $0.service.isExactly(call.service) && $0.runID.isExactly(call.runID)
                && $0.callID.isExactly(call.callID)
        }
        begun.append(call)
        begun.removeFirst(max(0, begun.count - Self.limit))
    }

    /// Lets go of the calls of a run.
    mutating func removeCalls(of run: String, service: String) {
        begun.removeAll { $0.runID.isExactly(run) && $0.service.isExactly(service) }
    }
}

extension Consents.Answer {
    init(_ order: CommandOrder, isAllowed: Bool, time: Int) {
        self.init(
            service: order.service, assistantID: order.assistantID, function: order.function,
            command: order.command.arguments, isAllowed: isAllowed, time: time)
    }

    func isAbout(_ order: CommandOrder) -> Bool {
        service.isExactly(order.service) && assistantID.isExactly(order.assistantID)
            && function.isExactly(order.function) && command.isExactly(order.command.arguments)
    }

    func isAboutSame(as other: Self) -> Bool {
        service.isExactly(other.service) && assistantID.isExactly(other.assistantID)
            && function.isExactly(other.function) && command.isExactly(other.command)
    }
}

extension Consents.Begun {
    init(_ order: CommandOrder, time: Int) {
        self.init(
            service: order.service, threadID: order.threadID, runID: order.runID,
            callID: order.callID, function: order.function, command: order.command.arguments,
            time: time)
    }

    func isAbout(_ order: CommandOrder) -> Bool {
        service.isExactly(order.service) && runID.isExactly(order.runID)
            && callID.isExactly(order.callID)
    }
}
