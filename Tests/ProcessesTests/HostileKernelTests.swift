import Glibc
import Testing

@testable import Processes

/// Code that speaks in the kernel's place: it finds the descriptor that the events leave on.
@Suite(
    "A kernel that lies", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct HostileKernelTests {
    /// Finds the descriptor, which is the only pipe that can be written, and says things on it.
    private static let say = """
        import fcntl, os, stat
        def leads_out(descriptor):
            try: mode = os.fstat(descriptor).st_mode
            except OSError: return False
            return stat.S_ISFIFO(mode) and fcntl.fcntl(descriptor, fcntl.F_GETFL) & 3 == 1
        found = next(descriptor for descriptor in range(3, 32) if leads_out(descriptor))
        def say(data): os.write(found, data)

        """

    @Test("is heard only where what it says is well formed")
    func junk() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                Self.say + #"""
                    say(b"not JSON\n[1]\n{}\n\"text\"\n")
                    say(b'{"event":"unknown","text":"x"}\n{"event":"text","text":7}\n')
                    say(b'{"event":"text","source":"nowhere","text":"x"}\n')
                    say(b'{"event":"image","name":"../../../etc/passwd"}\n')
                    say(b'{"event":"image","name":"/etc/passwd"}\n{"event":"image"}\n')
                    say(b'{"event":"file","name":"../x"}\n{"event":"file","name":"a\\u001b[2J"}\n')
                    say(b'{"event":"done","cell":99,"state":"ok"}\n{"event":"done","cell":1}\n')
                    say(b'{"event":"ready","python":"9"}\n')
                    say(b'{"event":"text","source":"stdout","text":"a\\u0000\xff\\ud800b"}\n')
                    say(b"x" * 70000 + b"\n")
                    say(b'{"event":"text","source":"stdout","text":"c"}\n')
                    """#)
            #expect(heard.text == "a\u{FFFD}\u{FFFD}\u{FFFD}bc", "\(heard)")
            #expect(heard.ending == .finished && heard.files.isEmpty && heard.images.isEmpty)
        }
    }

    @Test("cannot end a cell twice or say more than there is room for")
    func limits() async throws {
        try await Bench.with({ $0.outputBytes = 100 }) { bench in
            let heard = try await bench.run(
                Self.say + #"""
                    text = b'{"event":"text","source":"stdout","text":"1234567890"}\n'
                    for _ in range(50): say(text)
                    say(b'{"event":"done","cell":1,"state":"ok"}\n' * 3)
                    say(b'{"event":"text","source":"stdout","text":"late"}\n')
                    """#)
            #expect(heard.text.utf8.count == 100 && heard.isCut)
            #expect(heard.ending == .finished)
            let flood = try await bench.run("while True: say(b'x' * 4096)")
            #expect(flood.ending == .died("It was stopped: it sent more than can be read."))
        }
    }

    @Test("is replaced when it can say nothing any more")
    func closing() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(Self.say + "os.close(found)")
            #expect(heard.ending == .died("Python exited with status 1."))
            try await bench.restart()
            #expect(try await bench.run("1+1").text == "2\n")
        }
    }
}
