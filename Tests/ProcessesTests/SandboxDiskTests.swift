import Glibc
import TestSupport
import Testing

@testable import Processes

/// How much of the disk code can take.
@Suite(
    "The disk of a sandbox", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct SandboxDiskTests {
    @Test("gives files of one size and so much of /tmp")
    func fileSizes() async throws {
        try await Bench.with({ $0.fileBytes = 8 << 20 }) { bench in
            let heard = try await bench.run(
                """
                for path, count in ("big", 9), ("/tmp/a", 9), ("/dev/shm/a", 9):
                    try:
                        with open(path, "wb", 0) as file:
                            for _ in range(count): file.write(b"x" * (1 << 20))
                    except OSError as error: print(error.errno)
                for folder in "/tmp", "/dev/shm":
                    try:
                        for number in range(20):
                            open(f"{folder}/{number}", "wb", 0).write(b"x" * (7 << 20))
                        print("full?")
                    except OSError as error: print(error.errno, number < 9)
                """)
            // Writing stops short of the limit first, and then is refused.
            #expect(heard.text.hasPrefix("27\n27\n27\n"), "\(heard.text)")
        }
    }

    @Test("ends code that fills the folder, with many bytes or many files")
    func folderLimit() async throws {
        let changes: [(inout SandboxLimits) -> Void] = [
            { $0.folderBytes = 8 << 20 }, { $0.folderEntries = 100 },
        ]
        for change in changes {
            try await Bench.with(change) { bench in
                let heard = try await bench.run(
                    """
                    import os
                    for number in range(200):
                        with open(f"{number}", "wb") as file:
                            file.write(b"x" * 65536); file.flush(); os.fsync(file.fileno())
                    print("go")
                    while True: pass
                    """
                ) {
                    await bench.clock.sleeper(for: CodeKernel.watchInterval)
                    bench.clock.advance(by: CodeKernel.watchInterval)
                }
                #expect(
                    heard.ending == .died("It was stopped: there is too much in /mnt/data."))
                // Whoever comes next can tidy up.
                try await bench.restart()
                let tidied = try await bench.run(
                    "import os\nprint('go')\nfor name in os.listdir(): os.unlink(name)"
                ) {
                    await bench.clock.sleeper(for: CodeKernel.watchInterval)
                    bench.clock.advance(by: CodeKernel.watchInterval)
                }
                #expect(tidied.ending == .finished)
            }
        }
    }

    @Test("takes no room in a moment, and keeps nobody from a file")
    func reserving() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                import ctypes, fcntl, os
                system = ctypes.CDLL(None, use_errno=True)
                file = os.open("file", os.O_CREAT | os.O_RDWR)
                for mode in 0, 1:
                    done = system.fallocate(file, mode, ctypes.c_long(0), ctypes.c_long(1 << 30))
                    print(done, ctypes.get_errno())
                for number in 0x40305828, 0x4030582A, 0x40305839:
                    try: fcntl.ioctl(file, number, bytes(48))
                    except OSError as error: print(error.errno)
                os.posix_fallocate(file, 0, 1 << 20)
                print(os.fstat(file).st_size)
                for command, value in (1024, fcntl.F_WRLCK), (1031, 1 << 20):
                    try: fcntl.fcntl(file, command, value)
                    except OSError as error: print(error.errno)
                """)
            #expect(
                heard.text == "-1 95\n-1 95\n95\n95\n95\n1048576\n1\n1\n", "\(heard.text)")
        }
    }

    @Test("ends code that leaves far too much behind, and what it left")
    func overfull() async throws {
        try await Bench.with({ $0.folderBytes = 4 << 20 }) { bench in
            let heard = try await bench.run("open('a', 'wb').write(bytes(9 << 20))")
            let sentence = "It was stopped: there is too much in /mnt/data. Its files were removed."
            #expect(heard.ending == .died(sentence))
            #expect(bench.kernel.folder.files().isEmpty)
        }
    }

    @Test("counts what is in the folder once more at the end of a cell, whoever may look")
    func folderAtTheEnd() async throws {
        try await Bench.with({ $0.folderBytes = 4 << 20 }) { bench in
            let fill = """
                import os
                os.chmod("/mnt/data", 0o300)
                def fill(name, megabytes):
                    with open(name, "wb") as file:
                        file.write(b"x" * (megabytes << 20)); file.flush(); os.fsync(file.fileno())
                """
            let heard = try await bench.run(fill + "\nfill('a', 5)")
            #expect(heard.ending == .died("It was stopped: there is too much in /mnt/data."))
            try await bench.restart()
            // Nothing more, while there is too much.
            #expect(try await bench.run("1").ending == .finished)
            let more = try await bench.run(fill + "\nfill('b', 1)")
            #expect(more.ending == .died("It was stopped: there is too much in /mnt/data."))
            try await bench.restart()
            let tidied = try await bench.run("import os\nos.unlink('a')\nos.unlink('b')")
            #expect(tidied.ending == .finished)
        }
    }

    @Test("counts what its cells took of the disk together, also in files without a name")
    func disk() async throws {
        var limits = SandboxLimits()
        limits.freeDiskBytes = 56 << 20
        let sandbox = try Sandbox(limits)
        let parent = try SandboxPresence.temporaryFolder()
        defer { rmdir(parent) }
        guard mount("tmpfs", parent, "tmpfs", 0, "size=64m,mode=711") == 0 else {
            try Test.cancel("a small disk to fill cannot be made here")
        }
        defer { umount2(parent, Int32(MNT_DETACH)) }
        let folder = try SharedFolder(at: parent + "/1", user: sandbox.user)
        let kernel = try await CodeKernel.start(in: sandbox, folder: folder, clock: StillClock())
        var endings: [CellEnding] = []
        for name in ["a", "b"] {
            let code = """
                import os
                \(name) = open("\(name)", "wb", 0)
                \(name).write(bytes(5 << 20))
                os.unlink("\(name)")
                """
            for await case .ended(let ending) in try await kernel.run(code) {
                endings.append(ending)
            }
        }
        await kernel.stop()
        let sentence = "It was stopped: \(CellStop.diskFull.description). Its files were removed."
        #expect(endings == [.finished, .died(sentence)])
        #expect(folder.files().isEmpty)
    }
}
