import Glibc
import TestSupport
import Testing

@testable import Processes

/// What a Python in the sandbox does for whoever runs code in it.
@Suite(
    "A code kernel", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct CodeKernelTests {
    @Test("shows the last expression and keeps what was defined")
    func state() async throws {
        try await Bench.with { bench in
            let sum = try await bench.run("1+1")
            #expect(sum.text == "2\n" && sum.sources == [.result] && sum.ending == .finished)
            #expect(try await bench.run("x = 41").text == "")
            #expect(try await bench.run("x += 1\nprint(x)").text == "42\n")
            #expect(try await bench.run("_, __name__").text == "(2, '__main__')\n")
            #expect(try await bench.run("None").text == "")
            #expect(bench.kernel.python.hasPrefix("3."))
        }
    }

    @Test("tells text as it is printed, each line when it ends")
    func streaming() async throws {
        try await Bench.with { bench in
            // What was printed is heard while the code waits to be interrupted.
            let heard = try await bench.run("print('go')\nwhile True: pass") {
                await bench.kernel.interrupt()
            }
            #expect(heard.ending == .interrupted(.asked))
            let lines = try await bench.run("for i in range(5): print(i)")
            #expect(lines.text == "0\n1\n2\n3\n4\n" && lines.pieces == 5)
        }
    }

    @Test("tells both streams in order, and what programs and bytes print")
    func streams() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os, subprocess, sys
                print("one")
                print("two", file=sys.stderr)
                subprocess.run(["echo", "three"])
                os.write(1, b"four\\n")
                sys.stdout.buffer.write(b"five \\xff\\n")
                print("six", end="")
                """)
            #expect(heard.text == "one\ntwo\nthree\nfour\nfive \u{FFFD}\nsix")
            #expect(heard.sources == [.stdout, .stderr])
        }
    }

    @Test("tells what programs print while they run, and all of it")
    func programs() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                "import subprocess\nsubprocess.run('echo go; sleep 1000', shell=True)"
            ) { await bench.kernel.interrupt() }
            #expect(heard.ending == .interrupted(.asked) && heard.text.hasPrefix("go\n"))
            let long = try await bench.run("subprocess.run('seq 10000', shell=True)\nNone")
            #expect(long.text == (1...10_000).map { "\($0)\n" }.joined())
            // A character in two pieces, and half of one.
            let halves = try await bench.run(
                """
                import os
                os.write(1, b"\\xc3"); print(end="", flush=True)
                os.write(1, b"\\xa4\\xc3"); print(end="", flush=True)
                """)
            #expect(halves.text == "ä\u{FFFD}", "\(halves)")
            let forked = try await bench.run(
                """
                os.write(1, b"one\\n")
                if os.fork() == 0: print("two")
                else: os.wait(); None
                """)
            #expect(forked.text.split(separator: "\n").sorted() == ["one", "two"], "\(forked)")
            // It means a group of its own, and sends the signal to ours.
            let limited = try await bench.run(
                """
                import signal
                for _ in range(5): os.kill(0, signal.SIGTERM)
                subprocess.run(["timeout", "0.1", "sleep", "1000"]).returncode
                """)
            #expect(limited.text == "124\n", "\(limited)")
        }
    }

    @Test("leaves control characters in text, which whoever shows it must mind")
    func controlCharacters() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(#"print("\x1b]0;title\x07\x1b[2J\x00\u202e")"#)
            #expect(heard.text == "\u{1B}]0;title\u{7}\u{1B}[2J\u{FFFD}\u{202E}\n")
        }
    }

    @Test("that does not start says why")
    func notStarted() async throws {
        var limits = SandboxLimits()
        limits.memoryBytes = 6 << 20
        let sandbox = try Sandbox(limits)
        let parent = try SandboxPresence.temporaryFolder()
        let folder = try SharedFolder(at: parent + "/1", user: sandbox.user)
        defer {
            folder.remove()
            rmdir(parent)
        }
        do throws(SandboxProblem) {
            _ = try await CodeKernel.start(in: sandbox, folder: folder)
            Issue.record("it started")
        } catch {
            guard case .notStarted(let said) = error else { throw error }
            #expect(!said.isEmpty)
        }
    }

    @Test("explains errors by the lines of the cell, and goes on")
    func errors() async throws {
        try await Bench.with { bench in
            let failed = try await bench.run("def f():\n    return 1/0\nf()")
            #expect(failed.ending == .failed("ZeroDivisionError"))
            #expect(
                failed.text.hasPrefix(
                    """
                    Traceback (most recent call last):
                      File "<cell 1>", line 3, in <module>
                        f()
                    """), "\(failed.text)")
            #expect(failed.text.contains("line 2, in f\n    return 1/0"))
            #expect(failed.text.hasSuffix("ZeroDivisionError: division by zero\n"))
            #expect(!failed.text.contains("kernel.py"))
            let broken = try await bench.run("if")
            #expect(broken.ending == .failed("SyntaxError"), "\(broken)")
            #expect(try await bench.run("f").ending == .finished)
        }
    }

    @Test("has no input, survives sys.exit, and says so when it is left for good")
    func exits() async throws {
        try await Bench.with { bench in
            #expect(try await bench.run("x = 1\ninput()").ending == .failed("EOFError"))
            #expect(try await bench.run("import sys\nsys.exit(3)").ending == .left(status: 3))
            let told = try await bench.run("sys.exit('no more')")
            #expect(told.ending == .left(status: 1) && told.text == "no more\n")
            #expect(try await bench.run("exit()").ending == .left(status: 0))
            for (code, status) in [("10**5000", 0), ("True", 1), ("-1", 255), ("256 + 7", 7)] {
                let left = try await bench.run("sys.exit(\(code))")
                #expect(left.ending == .left(status: status), "\(code)")
            }
            #expect(try await bench.run("print(x)").text == "1\n")
            #expect(try await bench.run("input()").ending == .failed("EOFError"))
            let gone = try await bench.run("import os\nopen('a', 'w').close()\nos._exit(7)")
            #expect(gone.ending == .died("Python exited with status 7."))
            await #expect(throws: CellRefusal.ended) { try await bench.kernel.run("1") }
            try await bench.restart()
            let fresh = try await bench.run("import os\n'x' in globals(), os.listdir()")
            #expect(fresh.text == "(False, ['a'])\n")
            let crashed = try await bench.run("os.kill(os.getpid(), 11)")
            #expect(crashed.ending == .died("Python crashed."))
        }
    }

    @Test("is interrupted at the time limit and keeps what was defined")
    func timeLimit() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run("x = 42\nprint('go')\nwhile True: pass") {
                await bench.clock.sleeper(for: .seconds(120))
                bench.clock.advance(by: .seconds(120))
            }
            #expect(heard.ending == .interrupted(.timeLimit(seconds: 120)))
            #expect(heard.text.hasSuffix("KeyboardInterrupt\n"))
            #expect(try await bench.run("x").text == "42\n")
            let program = try await bench.run(
                "import subprocess\nprint('go')\nsubprocess.run(['sleep', '1000'])"
            ) { await bench.kernel.interrupt() }
            #expect(program.ending == .interrupted(.asked))
        }
    }

    @Test("lets text be heard whose line does not end")
    func slowText() async throws {
        try await Bench.with { bench in
            let kernel = bench.kernel
            var text = ""
            let code = """
                import os
                print("working", end="")
                while not os.path.exists("go"): pass
                """
            for await event in try await kernel.run(code) {
                guard case .text(let more, _) = event else { continue }
                text += more
                close(creat(kernel.folder.path + "/go", 0o644))
            }
            #expect(text == "working")
        }
    }

    @Test("is interrupted also before its code has begun, and loses nothing by it")
    func early() async throws {
        try await Bench.with { bench in
            _ = try await bench.run("x = 42")
            for _ in 0..<10 {
                let events = try await bench.kernel.run("while True: pass")
                await bench.kernel.interrupt()
                var heard = Heard()
                for await event in events { heard.take(event) }
                #expect(heard.ending == .interrupted(.asked))
            }
            let kernel = bench.kernel
            let cancelled = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                for await _ in try await kernel.run("del x") {}
            }
            _ = await cancelled.result
            await kernel.settled()
            let next = try await bench.run("x")
            #expect(next.text == "42\n")
        }
    }

    @Test("is killed when it does not stop, and its files stay")
    func uninterruptible() async throws {
        try await Bench.with { bench in
            let stubborn = """
                import signal
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                open("kept.txt", "w").write("kept")
                print("go")
                while True: pass
                """
            let heard = try await bench.run(stubborn) {
                await bench.kernel.interrupt()
                await bench.clock.sleeper(for: .seconds(2))
                bench.clock.advance(by: .seconds(1))
                // Asking again gives it no more time.
                await bench.kernel.interrupt()
                #expect(bench.clock.sleepers.contains(.seconds(1)))
                bench.clock.advance(by: .seconds(1))
            }
            #expect(heard.ending == .died("It was stopped: somebody asked for it."))
            try await bench.restart()
            #expect(try await bench.run("open('kept.txt').read()").text == "'kept'\n")
        }
    }

    @Test("stops code whose reader was cancelled, and can be used again")
    func cancelled() async throws {
        try await Bench.with { bench in
            let kernel = bench.kernel
            let (signs, sign) = AsyncStream.makeStream(of: Void.self)
            let reading = Task {
                for await event in try await kernel.run("x = 1\nprint('go')\nwhile True: pass") {
                    if case .text = event { sign.yield() }
                }
            }
            for await _ in signs { break }
            await #expect(throws: CellRefusal.busy) { try await kernel.run("1") }
            reading.cancel()
            _ = await reading.result
            await kernel.settled()
            let next = try await bench.run("x")
            #expect(next.text == "1\n")
            // One that does not mind is killed half a second later.
            let stubborn = Task {
                let code = """
                    import signal
                    signal.signal(signal.SIGINT, signal.SIG_IGN)
                    print("go")
                    while True: pass
                    """
                for await event in try await kernel.run(code) {
                    if case .text = event { sign.yield() }
                }
            }
            for await _ in signs { break }
            stubborn.cancel()
            await bench.clock.sleeper(for: CodeKernel.abandonedTime)
            bench.clock.advance(by: CodeKernel.abandonedTime)
            await kernel.settled()
            #expect(await !kernel.isAlive)
        }
    }

    @Test("cuts text at its limit, in bytes")
    func outputLimit() async throws {
        try await Bench.with({ $0.outputBytes = 1000 }) { bench in
            let heard = try await bench.run("print('x' * 5_000_000)\nprint('more')")
            #expect(heard.text == String(repeating: "x", count: 1000) && heard.isCut)
            let wide = try await bench.run("print('ä' * 999)")
            #expect(wide.text == String(repeating: "ä", count: 500) && wide.isCut)
            let program = try await bench.run(
                "import subprocess\nsubprocess.run('yes | head -c 5000000', shell=True)")
            #expect(program.text.utf8.count == 1000 && program.isCut)
            #expect(try await bench.run("print('short')") == Heard.printing("short\n"))
        }
    }

    @Test("takes no code that is too long")
    func codeLimit() async throws {
        try await Bench.with { bench in
            let long = String(repeating: "#", count: CodeKernel.codeLimit + 1)
            await #expect(throws: CellRefusal.tooLong) { try await bench.kernel.run(long) }
            let fits = String(repeating: "#", count: CodeKernel.codeLimit - 2) + "\n1"
            let heard = try await bench.run(fits)
            #expect(heard.text == "1\n")
        }
    }

    @Test("tells the files that are new or changed")
    func files() async throws {
        try await Bench.with { bench in
            _ = try await bench.kernel.folder.put("file-1", named: "in.txt") { nil }
            let first = try await bench.run(
                """
                import os
                open("a.csv", "w").write("a,b\\n1,2\\n")
                os.makedirs("deep/er")
                open("deep/er/b.txt", "w").close()
                open(".hidden", "w").close()
                open("bad\\x1b]0;name", "w").close()
                open("bad\\u202ename", "w").close()
                open(b"bad\\xff", "w").close()
                """)
            #expect(first.files == ["a.csv", "deep/er/b.txt"])
            #expect(try await bench.run("1").files.isEmpty)
            #expect(try await bench.run("open('a.csv', 'a').write('3,4')").files == ["a.csv"])
            let bytes = try bench.kernel.folder.contents(of: "a.csv", limit: 100)
            #expect(String(decoding: bytes, as: UTF8.self) == "a,b\n1,2\n3,4")
        }
    }
}

extension Heard {
    /// A cell that only printed.
    static func printing(_ text: String) -> Heard {
        Heard(text: text, sources: [.stdout], pieces: 1, ending: .finished)
    }
}
