import FoundationEssentials
import Testing

@testable import Processes

@Suite("A filter of system calls")
struct SystemCallFilterTests {
    private static let refusals = [SystemCallFilter.refuse(1), SystemCallFilter.refuse(38)]
    private static let refused = SystemCallFilter.refuse(1)

    @Test("has the numbers that the system's headers have", arguments: Processor.allCases)
    func numbers(processor: Processor) throws {
        let path =
            switch processor {
            case .x86: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
            case .arm: "/usr/include/asm-generic/unistd.h"
            }
        guard let header = FileManager.default.contents(atPath: path) else { return }
        var numbers: [Substring: UInt32] = [:]
        for line in String(decoding: header, as: UTF8.self).split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count == 3, words[0] == "#define", let number = UInt32(words[2]),
                let name = words[1].split(separator: "__NR", maxSplits: 1).last
            else { continue }
            numbers[name.hasPrefix("3264_") ? name.dropFirst(5) : name.dropFirst()] = number
        }
        try #require(numbers.count > 250)
        let all =
            SystemCall.refused + SystemCall.absent + SystemCall.unsupported
            + SystemCall.conditional
        for call in all {
            #expect(call.number(on: processor) == numbers[call.name[...]], "\(call.name)")
        }
    }

    @Test(
        "lets through what programs need, and nothing that leads out",
        arguments: Processor.allCases)
    func verdicts(processor: Processor) throws {
        let filter = SystemCallFilter(for: processor)
        func verdict(_ call: SystemCall, _ arguments: UInt64...) throws -> UInt32? {
            guard let number = call.number(on: processor) else { return nil }
            return try Self.run(filter, processor.auditNumber, number, arguments)
        }
        for call in SystemCall.refused {
            #expect(try [nil, Self.refused].contains(verdict(call)), "\(call.name)")
        }
        for call in SystemCall.absent {
            #expect(try [nil, SystemCallFilter.refuse(38)].contains(verdict(call)))
        }
        for call in SystemCall.unsupported {
            #expect(try verdict(call) == SystemCallFilter.refuse(95), "\(call.name)")
        }
        for number: UInt64 in [0x4030_5828, 0x4030_582A, 0x4030_5839] {
            #expect(try verdict(.deviceControl, 0, number) == SystemCallFilter.refuse(95))
        }
        for command: UInt64 in [1024, 1031] {
            #expect(try verdict(.fileControl, 0, command) == Self.refused)
        }
        #expect(try verdict(.processControl, 22) == Self.refused)
        let allow = SystemCallFilter.allow
        #expect(try verdict(.clone, 17) == allow)
        #expect(try verdict(.clone, 0x3D_0F00) == allow)
        for flag: UInt64 in [0x20000, 0x2000000, 0x10000000, 0x40000000] {
            #expect(try verdict(.clone, flag | 17) == Self.refused)
        }
        for call in [SystemCall.socket, .socketPair] {
            #expect(try verdict(call, 1) == allow)
            for family: UInt64 in [0, 2, 10, 16, 17, 40] {
                #expect(try verdict(call, family) == SystemCallFilter.refuse(97))
            }
        }
        #expect(try verdict(.deviceControl, 0, 0x5401) == allow)
        #expect(try verdict(.deviceControl, 0, 0x5412) == Self.refused)
        #expect(try verdict(.deviceControl, 0, 0x541C) == Self.refused)
        for call in SystemCall.signals {
            #expect(try verdict(call, 1, 18) == Self.refused && verdict(call, 18, 15) == allow)
        }
        for call in SystemCall.threadSignals {
            #expect(
                try verdict(call, 1, 1, 18) == Self.refused && verdict(call, 18, 18, 2) == allow)
        }
        #expect(try verdict(.clone, 18) == Self.refused)
        #expect(try verdict(.processControl, 1, 18) == Self.refused)
        #expect(
            try verdict(.processControl, 1, 9) == allow && verdict(.processControl, 15, 18) == allow
        )
        #expect(try verdict(.fileControl, 0, 3) == allow)
        #expect(try verdict(.fileControl, 0, 10) == Self.refused)
        #expect(try verdict(.chmodAt, 0, 0, 0o755) == allow)
        #expect(try verdict(.chmodAt, 0, 0, 0o4755) == Self.refused)
        #expect(try verdict(.chmodOfDescriptor, 0, 0o2755) == Self.refused)
        // Without O_CREAT there is no mode: what is there is anything.
        #expect(try verdict(.openAt, 0, 0, 0, 0o6000) == allow)
        #expect(try verdict(.openAt, 0, 0, 0o101, 0o666) == allow)
        #expect(try verdict(.openAt, 0, 0, 0o101, 0o4666) == Self.refused)
        if processor == .x86 {
            #expect(try verdict(.open, 0, 0o101, 0o2666) == Self.refused)
            #expect(try verdict(.open, 0, 0o101, 0o666) == allow)
        }
    }

    @Test("knows no call that is newer than it, nor another processor's")
    func unknown() throws {
        let filter = SystemCallFilter(for: .x86)
        let number = Processor.x86.auditNumber
        for call: UInt32 in [451, 1000, 0x4000_0000, 0x4000_0065] {
            #expect(try Self.run(filter, number, call, []) == SystemCallFilter.refuse(38))
        }
        #expect(try Self.run(filter, number, 0, []) == SystemCallFilter.allow)
        for other: UInt32 in [0x4000_0003, 0, Processor.arm.auditNumber] {
            #expect(try Self.run(filter, other, 0, []) == SystemCallFilter.kill)
        }
    }

    @Test("is written as the kernel reads it")
    func bytes() {
        let filter = SystemCallFilter(for: .x86)
        #expect(filter.bytes.count == filter.steps.count * 8)
        // Load the processor's number; one step on when it is x86-64's; else kill.
        #expect(
            filter.bytes.prefix(24) == [
                0x20, 0, 0, 0, 4, 0, 0, 0, 0x15, 0, 1, 0, 0x3E, 0, 0, 0xC0, 0x06, 0, 0, 0, 0, 0, 0,
                0x80,
            ])
    }

    /// Runs the program as the kernel would, over a `struct seccomp_data`.
    private static func run(
        _ filter: SystemCallFilter, _ processor: UInt32, _ call: UInt32, _ arguments: [UInt64]
    ) throws -> UInt32 {
        var words: [UInt32: UInt32] = [0: call, 4: processor]
        for number in 0..<6 {
            let value = number < arguments.count ? arguments[number] : 0
            words[UInt32(16 + 8 * number)] = UInt32(truncatingIfNeeded: value)
        }
        var place = 0
        var loaded: UInt32 = 0
        while true {
            let step = try #require(place < filter.steps.count ? filter.steps[place] : nil)
            place += 1
            let holds: Bool
            switch step.code {
            case 0x20:
                loaded = try #require(words[step.operand])
                continue
            case 0x06: return step.operand
            case 0x15: holds = loaded == step.operand
            case 0x25: holds = loaded > step.operand
            case 0x45: holds = loaded & step.operand != 0
            default: throw Unknown()
            }
            place += Int(holds ? step.ifTrue : step.ifFalse)
        }
    }

    private struct Unknown: Error {}
}
