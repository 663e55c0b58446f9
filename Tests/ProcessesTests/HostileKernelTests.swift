import FoundationEssentials
import Glibc
import TestSupport
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
                    say(b'{"event":"image"}\n{"event":"image","name":7}\n')
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

    @Test("gets no image from outside of the folder, and pays for those that are none")
    func images() async throws {
        let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1]
        try await Bench.with({ $0.images = 6 }) { bench in
            let outside = bench.parent + "/outside.png"
            #expect(FileManager.default.createFile(atPath: outside, contents: Data(picture)))
            defer { unlink(outside) }
            let links = """
                os.symlink("\(outside)", "link.png")
                os.symlink("\(bench.parent)", "out")
                picture = bytes(\(picture))
                open("real.png", "wb").write(picture)
                open("none.png", "wb").write(b"<script>")
                names = ["link.png", "out/outside.png", "../outside.png", "\(outside)", "none.png"]
                def show(name):
                    say(b'{"event":"image","name":"%s"}\\n' % name.encode())
                """
            let heard = try await bench.run(
                Self.say + links + """

                    for name in names: show(name)
                    show("real.png")
                    """)
            #expect(heard.images == [picture] && heard.ending == .finished, "\(heard)")
            #expect(access(outside, F_OK) == 0)
            let late = try await bench.run(
                """
                for _ in range(6): show("none.png")
                open("real.png", "wb").write(picture)
                show("real.png")
                """)
            #expect(late.images.isEmpty && late.ending == .finished, "\(late)")
        }
    }

    @Test("stands still between its cells, also when it ends them itself")
    func standsStill() async throws {
        try await Bench.with { bench in
            let left = try await bench.run(
                Self.say + """
                    import subprocess, threading
                    go = threading.Event()
                    def work():
                        go.wait()
                        while True: say(b"x" * 4096)
                    subprocess.Popen(["sleep", "1000"])
                    threading.Thread(target=work, daemon=True).start()
                    """)
            #expect(left.ending == .finished)
            #expect(await bench.standsStill())
            // What it left behind goes on with the next cell, and within its limits.
            let flood = try await bench.run("go.set()\nwhile True: pass")
            #expect(flood.ending == .died("It was stopped: it sent more than can be read."))
            try await bench.restart()
            let forged = try await bench.run(
                Self.say + #"""
                    import signal
                    def end(*_): say(b'{"event":"done","cell":1,"state":"interrupted"}\n')
                    signal.signal(signal.SIGINT, end)
                    print("go")
                    while True: pass
                    """#
            ) { await bench.kernel.interrupt() }
            #expect(forged.ending == .interrupted(.asked))
            #expect(await bench.standsStill())
            // The other one still has the interpreter, until it is killed.
            let kernel = bench.kernel
            let events = try await kernel.run("1")
            await kernel.interrupt()
            await bench.clock.sleeper(for: .seconds(2))
            bench.clock.advance(by: .seconds(2))
            var next = Heard()
            for await event in events { next.take(event) }
            #expect(next.ending == .died("It was stopped: somebody asked for it."))
        }
    }

    @Test("cannot end a cell that it was not given yet, nor keep us waiting for it to take it")
    func early() async throws {
        try await Bench.with { bench in
            let first = try await bench.run(
                Self.say + #"""
                    import signal, threading, time
                    signal.signal(signal.SIGINT, signal.SIG_IGN)
                    def lie():
                        while True:
                            say(b'{"event":"done","cell":2,"state":"ok"}\n')
                            time.sleep(0.01)
                    threading.Thread(target=lie, daemon=True).start()
                    say(b'{"event":"done","cell":1,"state":"ok"}\n')
                    while True: pass
                    """#)
            #expect(first.ending == .finished)
            let kernel = bench.kernel
            let second = Task {
                var heard = Heard()
                let long = String(repeating: "#", count: CodeKernel.codeLimit)
                for await event in try await kernel.run(long) { heard.take(event) }
                return heard
            }
            for time in [Duration.seconds(120), .seconds(2)] {
                await bench.clock.sleeper(for: time)
                bench.clock.advance(by: time)
            }
            let stop = CellStop.timeLimit(seconds: 120)
            let heard = try await second.value
            #expect(heard.ending == .died("It was stopped: \(stop.description)."), "\(heard)")
        }
    }

    @Test("cannot leave what is stopped, nor let it go on")
    func group() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import fcntl, os, signal
                for leave in os.setsid, lambda: os.setpgid(0, 0):
                    if os.fork() == 0:
                        try: leave()
                        except OSError as error: os._exit(error.errno)
                        os._exit(0)
                    print(os.waitstatus_to_exitcode(os.wait()[1]))
                try: fcntl.fcntl(1, 10, signal.SIGCONT)
                except OSError as error: print(error.errno)
                for process in 0, os.getpid():
                    try: os.kill(process, signal.SIGCONT)
                    except OSError as error: print(error.errno)
                """)
            #expect(heard.text == "1\n1\n1\n1\n1\n", "\(heard)")
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
