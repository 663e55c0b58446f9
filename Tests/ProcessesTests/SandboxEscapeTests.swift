import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Processes

/// What code may try against the host, and what comes of it.
@Suite(
    "A sandbox", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct SandboxEscapeTests {
    @Test("has no network")
    func network() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import socket
                for family in (2, 10, 16, 17, 40):
                    try:
                        socket.socket(family, socket.SOCK_STREAM)
                        print("open")
                    except OSError as error: print(error.errno)
                print(open("/proc/net/dev").read().count(":"))
                a, b = socket.socketpair()
                a.send(b"inside"); print(b.recv(9))
                """)
            #expect(heard.text == "97\n97\n97\n97\n97\n1\nb'inside'\n", "\(heard)")
        }
    }

    @Test("shows nothing of the host but its programs, and can write to three places")
    func files() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os
                print(sorted(os.listdir("/")), os.listdir("/etc"))
                print(sorted(os.environ))
                print(open("/proc/1/cmdline").read().split("\\0")[:3])
                writable = []
                for line in open("/proc/self/mountinfo"):
                    place = line.split()[4]
                    if not os.path.isdir(place): continue
                    for folder in [place] + [e.path for e in os.scandir(place) if e.is_dir()]:
                        try:
                            open(folder + "/w", "w").close()
                            writable.append(folder)
                        except OSError: pass
                print(sorted(set(writable)))
                """)
            let lines = heard.text.split(separator: "\n")
            try #require(lines.count == 4, "\(heard)")
            for name in ["root", "home", "var", "run", "sys", "boot", "srv", "passwd", "hostname"] {
                #expect(!lines[0].contains("'\(name)'"), "\(lines[0])")
            }
            #expect(
                lines[1] == """
                    ['HOME', 'LANG', 'MPLBACKEND', 'MPLCONFIGDIR', 'OMP_NUM_THREADS', \
                    'OPENBLAS_NUM_THREADS', 'PATH', 'PWD']
                    """, "\(lines[1])")
            #expect(!lines[2].contains(bench.parent), "\(lines[2])")
            #expect(lines[3] == "['/dev/shm', '/mnt/data', '/tmp']")
        }
    }

    @Test("tells nothing of the machine that programs do not need")
    func machine() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                for name in "cmdline", "partitions", "diskstats":
                    try: print(open("/proc/" + name).read())
                    except OSError: print()
                """)
            #expect(heard.text == "\n\n\n", "\(heard.text)")
        }
    }

    @Test("cannot write to the kernel's files, nor see what we were started with")
    func kernelFiles() async throws {
        setenv("SWITCHBOARD_TEST_SECRET", "xyzzy", 1)
        defer { unsetenv("SWITCHBOARD_TEST_SECRET") }
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os
                for path in ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern",
                             "/proc/self/oom_score_adj", "/proc/self/uid_map", "/proc/1/mem"):
                    try:
                        os.write(os.open(path, os.O_WRONLY), b"0")
                        print("done", path)
                    except OSError as error: pass
                told = b""
                for process in ("1", "self"):
                    try: told += open(f"/proc/{process}/environ", "rb").read()
                    except OSError: pass
                print(b"xyzzy" in told, b"PATH=" in told)
                try: os.link("/usr/bin/env", "env")
                except OSError as error: print(error.errno in (1, 18))
                """)
            #expect(heard.text == "False True\nTrue\n", "\(heard)")
        }
    }

    @Test("has no rights, no other processes and no way to become somebody else")
    func rights() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os
                names = ("Uid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs",
                         "Seccomp")
                status = dict(line.rstrip().split(":", 1) for line in open("/proc/self/status"))
                print([status[name].split()[-1:] for name in names])
                print(len([name for name in os.listdir("/proc") if name.isdigit()]) <= 2)
                open("tool", "w").close()
                for mode in (0o4755, 0o2755, 0o6000):
                    try: os.chmod("tool", mode); print("done")
                    except OSError as error: print(error.errno)
                    try: os.fchmod(os.open("tool", 0), mode); print("done")
                    except OSError as error: print(error.errno)
                try: os.open("tool2", os.O_CREAT | os.O_WRONLY, 0o4755); print("done")
                except OSError as error: print(error.errno)
                os.chmod("tool", 0o755)
                try: os.setuid(0); print("done")
                except OSError as error: print(error.errno)
                try: os.chown("tool", 0, 0); print("done")
                except OSError as error: print(error.errno)
                """)
            let none = "['0000000000000000']"
            let refused = String(repeating: "1\n", count: 7)
            let expected = """
                [['1000'], \(none), \(none), \(none), \(none), \(none), ['1'], ['2']]
                True
                \(refused)1
                22

                """
            #expect(
                heard.text.split(separator: "\n").map(Self.isRefusal)
                    == expected.split(separator: "\n").map(Self.isRefusal), "\(heard.text)")
        }
    }

    /// 1 is EPERM and 22 EINVAL: a user that is not in the namespace does not exist there.
    private static func isRefusal(_ line: Substring) -> Substring {
        line == "22" ? "1" : line
    }

    @Test("refuses the system calls that lead out, and hides those that no limit counts")
    func systemCalls() async throws {
        let processor = try #require(Processor.current)
        let clone = try #require(SystemCall.clone.number(on: processor))
        let refused = SystemCall.refused.compactMap { $0.number(on: processor) }
        let absent = SystemCall.absent.compactMap { $0.number(on: processor) } + [451, 600]
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import ctypes
                system = ctypes.CDLL(None, use_errno=True)
                def error(number, *arguments):
                    if system.syscall(number, *arguments) != -1: return (number, "done")
                    return ctypes.get_errno()
                print(set(error(number, 0, 0, 0, 0, 0) for number in \(refused)))
                print(set(error(number, 0, 0, 0, 0, 0) for number in \(absent)))
                print(set(error(\(clone), 17 | flag, 0, 0, 0, 0)
                    for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000)))
                """)
            #expect(heard.text == "{1}\n{38}\n{1}\n", "\(heard)")
        }
    }

    @Test("leads nobody out of its folder, by links or by names")
    func links() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os
                os.symlink("/etc/passwd", "passwd.csv")
                os.symlink("/", "root")
                os.symlink("../../../../../../etc", "up")
                os.symlink("passwd.csv", "again.csv")
                os.mkfifo("pipe.csv")
                os.mkdir("real")
                os.symlink("/etc", "real/etc")
                open("a\\x1b]0;owned\\x07\\x1b[2J.csv", "w").close()
                open("a\\u202evsc.csv", "w").close()
                open("a\\nb.csv", "w").close()
                """)
            #expect(heard.ending == .finished)
            #expect(heard.files == [])
            let folder = bench.kernel.folder
            #expect(folder.files().isEmpty)
            for path in [
                "passwd.csv", "root/etc/passwd", "up/passwd", "again.csv", "pipe.csv",
                "real/etc/passwd", "real/../../../etc/passwd", "/etc/passwd", "../1/pipe.csv",
            ] {
                #expect(throws: FolderError.self, "\(path)") {
                    try folder.contents(of: path, limit: 1 << 20)
                }
                #expect(throws: FolderError.self, "\(path)") {
                    try folder.copy(path, to: bench.parent + "/copy", limit: 1 << 20)
                }
            }
            #expect(access(bench.parent + "/copy", F_OK) != 0)
        }
    }

    @Test("survives a fork bomb and threads without end")
    func forkBomb() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os, signal, threading
                children = []
                try:
                    while len(children) < 500:
                        child = os.fork()
                        if child == 0:
                            signal.pause()
                            os._exit(0)
                        children.append(child)
                except OSError as error: print(error.errno, len(children) < 64)
                for child in children:
                    os.kill(child, 9)
                    os.waitpid(child, 0)
                stop = threading.Event()
                count = 0
                try:
                    while count < 500:
                        threading.Thread(target=stop.wait).start()
                        count += 1
                except RuntimeError: print("no more threads", count < 64)
                stop.set()
                """)
            #expect(heard.text == "11 True\nno more threads True\n", "\(heard)")
            #expect(try await bench.run("1+1").text == "2\n")
        }
    }

    @Test("gives no right to hurry, whatever we have")
    func priority() async throws {
        let kinds = [__RLIMIT_NICE, __RLIMIT_RTPRIO].map { Int32($0.rawValue) }
        let before = kinds.map { kind in
            var limit = rlimit()
            getrlimit(kind, &limit)
            return limit
        }
        // Root has it; others may be given it, and cannot get it here.
        for kind in kinds {
            var limit = rlimit(rlim_cur: 10, rlim_max: 10)
            setrlimit(kind, &limit)
        }
        defer {
            for (kind, limit) in zip(kinds, before) {
                var limit = limit
                setrlimit(kind, &limit)
            }
        }
        try await Bench.with { bench in
            let heard = try await bench.run(
                "import resource\n[resource.getrlimit(kind) for kind in (13, 14)]")
            #expect(heard.text == "[(0, 0), (0, 0)]\n", "\(heard)")
            // Where even root may not have it, there is no more to see than this.
            #expect(bench.sandbox.limiting.suffix(2) == ["--rtprio=0", "--nice=0"])
        }
    }

    @Test("gives so much memory and no more")
    func memory() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                try: bytearray(3 << 30)
                except MemoryError: print("no memory")
                import mmap
                try: mmap.mmap(-1, 3 << 30)
                except OSError as error: print(error.errno)
                bytearray(3 << 30)
                """)
            #expect(
                heard.text.hasPrefix("no memory\n12\n") && heard.ending == .failed("MemoryError"))
            #expect(try await bench.run("1+1").text == "2\n")
        }
    }

    @Test("gives a process so much time of the processor")
    func processorTime() async throws {
        try await Bench.with({ $0.processorSeconds = 1 }) { bench in
            let heard = try await bench.run("while True: pass")
            #expect(heard.ending == .died("It used all of its processor time."))
        }
    }

    @Test("ends with everything in it, also what was to outlive it")
    func leftBehind() async throws {
        try await Bench.with { bench in
            let child = bench.kernel.process.child.processID
            let heard = try await bench.run(
                """
                import os, subprocess
                subprocess.Popen(["sleep", "1000"])
                if os.fork() == 0:
                    if os.fork() == 0:
                        import time
                        time.sleep(1000)
                    os._exit(0)
                print(os.wait()[1])
                """)
            #expect(heard.text == "0\n")
            #expect(bench.processes.count >= 3)
            await bench.kernel.stop()
            #expect(kill(child, 0) != 0)
            while !bench.processes.isEmpty { await Task.yield() }
        }
    }

    @Test("kills only what is in it")
    func killing() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import os
                for process in (-1, os.getppid(), \(getpid())):
                    try: os.kill(process, 9)
                    except ProcessLookupError: pass
                """)
            #expect(heard.ending == .finished, "\(heard)")
            let gone = try await bench.run("os.kill(os.getpid(), 9)")
            #expect(
                gone.ending
                    == .died("It was killed, most likely for the memory that it took."))
        }
    }
}
