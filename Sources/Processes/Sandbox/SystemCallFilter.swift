import Glibc

/// Which system calls a sandbox lets through, as a program that the kernel runs at each of them
/// (classic BPF, `Documentation/userspace-api/seccomp_filter.rst`).
///
/// What is not refused is let through: programs here are any that are installed. What was added to
/// Linux after the tables were made does not exist for them.
struct SystemCallFilter: Sendable {
    /// One step of the program, as in `struct sock_filter`.
    struct Step: Hashable, Sendable {
        var code: UInt16
        var ifTrue: UInt8 = 0
        var ifFalse: UInt8 = 0
        var operand: UInt32
    }

    /// What an argument must be for a call to be refused.
    private enum Condition {
        /// Has one of these bits.
        case hasAny(of: UInt32)
        case equals(UInt32)
        case differs(from: UInt32)
    }

    /// Codes of steps, and what a filter returns; from `linux/bpf_common.h` and `linux/seccomp.h`.
    private enum Code {
        static let load: UInt16 = 0x20
        static let jumpIfEqual: UInt16 = 0x15
        static let jumpIfGreater: UInt16 = 0x25
        static let jumpIfAny: UInt16 = 0x45
        static let answer: UInt16 = 0x06
    }
    static let allow: UInt32 = 0x7FFF_0000
    static let kill: UInt32 = 0x8000_0000
    static func refuse(_ error: Int32) -> UInt32 { 0x0005_0000 | UInt32(error) }

    private(set) var steps: [Step] = []
    private let processor: Processor

    init(for processor: Processor) {
        self.processor = processor
        load(4)
        steps.append(Step(code: Code.jumpIfEqual, ifTrue: 1, operand: processor.auditNumber))
        answer(Self.kill)
        load(0)
        // With it go the calls of the x32 ABI, whose numbers have a high bit.
        steps.append(Step(code: Code.jumpIfGreater, ifFalse: 1, operand: SystemCall.lastKnown))
        answer(Self.refuse(ENOSYS))
        for call in SystemCall.refused { refuse(call, EPERM, when: []) }
        for call in SystemCall.absent { refuse(call, ENOSYS, when: []) }
        for call in SystemCall.unsupported { refuse(call, EOPNOTSUPP, when: []) }
        refuseByArguments()
        answer(Self.allow)
    }

    private mutating func refuseByArguments() {
        // Every CLONE_NEW…, and every signal at its end but SIGCHLD, 17, and what has its bits.
        refuse(SystemCall.clone, EPERM, when: [(0, .hasAny(of: 0x7E02_00EE))])
        refuseToGoOn()
        let unix = UInt32(AF_UNIX)
        for call in [SystemCall.socket, SystemCall.socketPair] {
            refuse(call, EAFNOSUPPORT, when: [(0, .differs(from: unix))])
        }
        // TIOCSTI and TIOCLINUX type into a terminal.
        for number: UInt32 in [0x5412, 0x541C] {
            refuse(SystemCall.deviceControl, EPERM, when: [(1, .equals(number))])
        }
        // FS_IOC_RESVSP, FS_IOC_RESVSP64 and FS_IOC_ZERO_RANGE: what `fallocate` does.
        for number: UInt32 in [0x4030_5828, 0x4030_582A, 0x4030_5839] {
            refuse(SystemCall.deviceControl, EOPNOTSUPP, when: [(1, .equals(number))])
        }
        // F_SETLEASE keeps the host from opening a file; F_SETPIPE_SZ takes of what the pipes of
        // one user share.
        for command: UInt32 in [1024, 1031] {
            refuse(SystemCall.fileControl, EPERM, when: [(1, .equals(command))])
        }
        // PR_SET_SECCOMP: a filter outlives its process in a descriptor, and counts as nothing.
        refuse(SystemCall.processControl, EPERM, when: [(0, .equals(22))])
        // Files that give their owner's rights to others.
        let rights = Condition.hasAny(of: 0o6000)
        for (call, mode) in [
            (SystemCall.chmod, 1), (SystemCall.chmodOfDescriptor, 1), (SystemCall.chmodAt, 2),
            (SystemCall.create, 1), (SystemCall.makeNode, 1), (SystemCall.makeNodeAt, 2),
        ] {
            refuse(call, EPERM, when: [(mode, rights)])
        }
        // O_CREAT and O_TMPFILE; without them there is no mode.
        let creates = Condition.hasAny(of: 0o100 | 0o20_000_000)
        refuse(SystemCall.open, EPERM, when: [(1, creates), (2, rights)])
        refuse(SystemCall.openAt, EPERM, when: [(2, creates), (3, rights)])
    }

    /// Whoever sends SIGCONT while the host sends SIGSTOP makes that undone. So nobody sends it.
    private mutating func refuseToGoOn() {
        let goOn = Condition.equals(UInt32(SIGCONT))
        for call in SystemCall.signals { refuse(call, EPERM, when: [(1, goOn)]) }
        for call in SystemCall.threadSignals { refuse(call, EPERM, when: [(2, goOn)]) }
        // PR_SET_PDEATHSIG: when the parent ends.
        refuse(SystemCall.processControl, EPERM, when: [(0, .equals(1)), (1, goOn)])
        // F_SETSIG: when a file is ready.
        refuse(SystemCall.fileControl, EPERM, when: [(1, .equals(10))])
    }

    /// Refuses a call when all conditions on its arguments hold.
    private mutating func refuse(
        _ call: SystemCall, _ error: Int32, when conditions: [(argument: Int, Condition)]
    ) {
        guard let number = call.number(on: processor) else { return }
        // Each condition is two steps; then the answer, and the number is loaded again.
        let length = conditions.isEmpty ? 1 : 2 * conditions.count + 2
        steps.append(
            Step(code: Code.jumpIfEqual, ifFalse: UInt8(length), operand: number))
        for (place, (argument, condition)) in conditions.enumerated() {
            // The low half: all of these are 32 bits wide.
            load(UInt32(16 + 8 * argument))
            let away = UInt8(2 * (conditions.count - place - 1) + 1)
            switch condition {
            case .hasAny(let bits):
                steps.append(Step(code: Code.jumpIfAny, ifFalse: away, operand: bits))
            case .equals(let value):
                steps.append(Step(code: Code.jumpIfEqual, ifFalse: away, operand: value))
            case .differs(let value):
                steps.append(Step(code: Code.jumpIfEqual, ifTrue: away, operand: value))
            }
        }
        answer(Self.refuse(error))
        if !conditions.isEmpty { load(0) }
    }

    private mutating func load(_ place: UInt32) {
        steps.append(Step(code: Code.load, operand: place))
    }

    private mutating func answer(_ value: UInt32) {
        steps.append(Step(code: Code.answer, operand: value))
    }

    /// The program as the kernel reads it.
    var bytes: [UInt8] {
        steps.flatMap { step -> [UInt8] in
            withUnsafeBytes(of: step.code.littleEndian, Array.init)
                + [step.ifTrue, step.ifFalse]
                + withUnsafeBytes(of: step.operand.littleEndian, Array.init)
        }
    }
}
