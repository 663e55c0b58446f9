import FoundationEssentials
import Glibc
import Testing

@testable import Processes

@Suite("A control group")
struct ControlGroupTests {
    @Test("is made where the system lets us, holds a sandbox, and goes with it")
    func life() async throws {
        guard let probe = ControlGroup(SandboxLimits()) else {
            try Test.cancel("no control group can be made here")
        }
        await probe.remove()
        try await Bench.with { bench in
            let group = try #require(bench.kernel.process.group)
            var members = 0
            for door in group.doors {
                let bytes = try #require(FileManager.default.contents(atPath: door))
                members = String(decoding: bytes, as: UTF8.self).split(separator: "\n").count
                // Bubblewrap outside, bubblewrap inside, and Python.
                #expect(members == 3, "\(door)")
            }
            await bench.kernel.stop()
            #expect(group.folders.allSatisfy { access($0, F_OK) != 0 })
        }
    }

    @Test("counts the memory of all processes together")
    func memory() async throws {
        try await Bench.with({ $0.memoryBytes = 256 << 20 }) { bench in
            guard bench.kernel.process.group?.folders.contains(where: Self.countsMemory) == true
            else { try Test.cancel("no control group counts memory here") }
            let heard = try await bench.run(
                """
                import os
                children = []
                for _ in range(4):
                    child = os.fork()
                    if child == 0:
                        kept = b"x" * (160 << 20)
                        os.kill(os.getpid(), 19)
                        os._exit(0)
                    os.waitpid(child, os.WUNTRACED)
                    children.append(child)
                def was_killed(child):
                    try: return os.waitpid(child, os.WNOHANG)[0] == child
                    except ChildProcessError: return True
                print(any(was_killed(child) for child in children))
                """)
            // Whom the kernel kills is its choice.
            let wasKilled = heard.text == "True\n"
            let died = CellEnding.died(
                "It was killed, most likely for the memory that it took.")
            #expect(wasKilled || heard.ending == died, "\(heard)")
        }
    }

    private static func countsMemory(_ folder: String) -> Bool {
        access(folder + "/memory.max", F_OK) == 0
            || access(folder + "/memory.limit_in_bytes", F_OK) == 0
    }
}
