import Glibc
import TestSupport
import Testing

@testable import Processes

/// The checks that a sandbox was proved with before there was this one, one after the other in one
/// Python, as there (`servers/sandbox/prove.py`).
@Suite(
    "The proof of a sandbox", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct SandboxProofTests {
    /// Code, and what must come of it.
    private struct Check: Sendable {
        /// As the proof calls it.
        var name: String
        var code: String
        /// Whether it goes on until it is stopped, when it has printed `go`.
        var isEndless = false
        var holds: @Sendable (Heard) -> Bool

        init(
            _ name: String, _ code: String, isEndless: Bool = false,
            _ holds: @escaping @Sendable (Heard) -> Bool
        ) {
            (self.name, self.code, self.isEndless, self.holds) = (name, code, isEndless, holds)
        }
    }

    private static func outside(_ port: Int) -> [Check] {
        [
            Check("expr", "1+1") { $0.text == "2\n" },
            Check("state set", "x=41") { $0.ending == .finished },
            Check("state get", "x+=1; print(x)") { $0.text == "42\n" },
            Check(
                "no net",
                """
                import socket
                try:
                    s = socket.socket(); s.settimeout(2); s.connect(("1.1.1.1", 80)); print("NET")
                except OSError as error: print("refused")
                """
            ) { $0.text == "refused\n" },
            Check(
                "no host loopback",
                """
                try: socket.create_connection(("127.0.0.1", \(port)), 2); print("NET")
                except OSError as error: print("refused")
                """
            ) { $0.text == "refused\n" },
            Check(
                "ro root",
                """
                for path in "/usr/x", "/opt/x", "/x", "/etc/x":
                    try: open(path, "w"); print("W")
                    except OSError as error: print(error.errno in (2, 30))
                """
            ) { $0.text == String(repeating: "True\n", count: 4) },
            Check(
                "no host files",
                "import os; print([os.path.exists(p) for p in ('/root', '/home', '/etc/passwd')])"
            ) { $0.text == "[False, False, False]\n" },
            Check("few pids", "len([p for p in os.listdir('/proc') if p.isdigit()]) <= 2") {
                $0.text == "True\n"
            },
            Check(
                "no userns",
                """
                import ctypes
                system = ctypes.CDLL(None, use_errno=True)
                system.unshare(0x10000000)
                """
            ) { $0.text == "-1\n" },
            Check(
                "no ptrace/keyctl",
                """
                keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
                print(system.ptrace(0, 0, 0, 0), ctypes.get_errno())
                print(system.syscall(keyctl, 0, 0), ctypes.get_errno())
                """
            ) { $0.text == "-1 1\n-1 1\n" },
        ]
    }

    private static let packages = [
        Check("file out", #"None if open("/mnt/data/a.csv", "w").write("a,b\n1,2\n") else 0"#) {
            $0.files == ["a.csv"]
        },
        Check("import matplotlib (cold)", "import matplotlib.pyplot as plt") {
            $0.ending == .finished
        },
        Check("plot", "plt.plot([1,2,3]); plt.title('t'); plt.show()") { $0.images.count == 1 },
        Check("plot no show", "plt.figure(); plt.bar([1,2],[3,4]); None") { $0.images.count == 1 },
        Check("pandas", "import pandas as pd; pd.read_csv('/mnt/data/a.csv')") {
            $0.text.contains("a  b")
        },
    ]

    private static let limits = [
        Check("wall limit keeps state", "print('go')\nwhile True: pass", isEndless: true) {
            $0.ending == .interrupted(.timeLimit(seconds: 120))
        },
        Check("state after interrupt", "x") { $0.text == "42\n" },
        Check("error trace", "1/0") {
            $0.text.contains("ZeroDivisionError") && $0.ending == .failed("ZeroDivisionError")
        },
        Check("mem limit", "a=bytearray(3<<30)") { $0.ending == .failed("MemoryError") },
        Check("output cap", "print('x'*5_000_000)") {
            $0.isCut && $0.text.utf8.count <= SandboxLimits().outputBytes
        },
        Check("file size cap", "open('/mnt/data/big','wb').write(b'x'*(80<<20))") {
            $0.ending == .failed("OSError")
        },
        Check(
            "pids cap",
            """
            import signal
            children = []
            try:
                while len(children) < 500:
                    child = os.fork()
                    if child == 0: signal.pause(); os._exit(0)
                    children.append(child)
            except OSError: print("LIMIT", len(children) < 64)
            for child in children: os.kill(child, 9); os.waitpid(child, 0)
            """
        ) { $0.text == "LIMIT True\n" },
        Check(
            "uninterruptible",
            "signal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('go')\nwhile True: pass",
            isEndless: true
        ) { $0.ending == .died("It was stopped: it took longer than 120 s.") },
        Check("fresh kernel, files stay", "import os; os.path.exists('/mnt/data/a.csv')") {
            $0.text == "True\n"
        },
        Check("stdin closed", "input()") { $0.ending == .failed("EOFError") },
        Check("exit", "import sys; sys.exit(3)") { $0.ending == .left(status: 3) },
        Check("os._exit", "import os; os._exit(1)") {
            $0.ending == .died("Python exited with status 1.")
        },
    ]

    @Test("holds, each check of it") func proof() async throws {
        let (listener, port) = try Self.listener()
        defer { close(listener) }
        let checks = Self.outside(port) + Self.packages + Self.limits
        try await Bench.with { bench in
            for check in checks {
                let heard = try await Self.run(check, on: bench)
                #expect(check.holds(heard), "\(check.name): \(heard)")
                if case .died = heard.ending { try await bench.restart() }
            }
            #expect(try await bench.run("1").text == "1\n")
        }
    }

    @Test("is all that was proved before", .enabled(if: Fixture.isPresent)) func names() throws {
        let program = String(
            decoding: try Fixture.shared("servers/sandbox/prove.py"), as: UTF8.self)
        let names = program.split(separator: "\n").flatMap { $0.split(separator: "; ") }
            .filter { $0.hasPrefix("t(\"") }
            .map { $0.dropFirst(3).prefix { $0 != "\"" } }.map(String.init)
        #expect(names == (Self.outside(0) + Self.packages + Self.limits).map(\.name))
        #expect(names.count == 27)
    }

    /// Runs a check; one that is endless takes its time, and then more than it is given to stop.
    private static func run(_ check: Check, on bench: Bench) async throws -> Heard {
        guard check.isEndless else { return try await bench.run(check.code) }
        let clock = bench.clock
        let limits = bench.sandbox.limits
        return try await bench.run(check.code) {
            await clock.sleeper(for: limits.cellTime)
            clock.advance(by: limits.cellTime)
            if check.name == "uninterruptible" {
                await clock.sleeper(for: limits.graceTime)
                clock.advance(by: limits.graceTime)
            }
        }
    }

    /// A server on the host's loopback that would answer.
    private static func listener() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(listener >= 0 && isBound)
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}
