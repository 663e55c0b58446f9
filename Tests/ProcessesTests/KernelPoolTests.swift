import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Processes

@Suite(
    "A pool of kernels", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct KernelPoolTests {
    private static func with(
        maximum: Int = 2, spare: Bool = false,
        _ body: (KernelPool, StillClock, String) async throws -> Void
    ) async throws {
        let parent = try SandboxPresence.temporaryFolder()
        let clock = StillClock()
        var settings = KernelPool.Settings()
        settings.maximum = maximum
        settings.keepsSpare = spare
        let pool = try KernelPool(
            Sandbox(), folder: parent + "/pool", settings: settings, clock: clock)
        do {
            try await body(pool, clock, parent + "/pool/\(getpid())-1")
        } catch {
            Issue.record(error)
        }
        await pool.close()
        rmdir(parent + "/pool")
        #expect(rmdir(parent) == 0)
    }

    private static func run(
        _ code: String, of thread: String, in pool: KernelPool
    ) async throws -> (heard: Heard, isNew: Bool) {
        try await pool.withKernel(of: thread) { kernel, origin in
            var heard = Heard()
            for await event in try await kernel.run(code) { heard.take(event) }
            return (heard, origin != .kept)
        }
    }

    @Test("keeps what each thread defined, and its files, apart from all others")
    func threads() async throws {
        try await Self.with { pool, _, _ in
            let code = "import os\nx = 1\nopen('mine', 'w').close()"
            #expect(try await Self.run(code, of: "a", in: pool).isNew)
            let other = try await Self.run(
                "import os\nos.listdir(), 'x' in globals()", of: "b", in: pool)
            #expect(other.heard.text == "([], False)\n" && other.isNew)
            let again = try await Self.run("os.listdir(), x", of: "a", in: pool)
            #expect(again.heard.text == "(['mine'], 1)\n" && !again.isNew)
        }
    }

    @Test("replaces a kernel that died, and the files stay")
    func death() async throws {
        try await Self.with { pool, _, _ in
            let gone = try await Self.run(
                "import os\nopen('mine', 'w').close()\nos._exit(1)", of: "a", in: pool)
            #expect(gone.heard.ending == .died("Python exited with status 1."))
            let next = try await Self.run("import os\nos.listdir()", of: "a", in: pool)
            #expect(next.heard.text == "['mine']\n" && next.isNew)
            _ = try await Self.run("os._exit(1)", of: "a", in: pool)
            var events: [CellEvent] = []
            let result = try await pool.run(CodeCell(thread: "a", code: "1")) {
                events.append($0)
            }
            #expect(
                events == [.renewed(filesStay: true), .text("1\n", .result), .ended(.finished)])
            #expect(result.origin == .renewed)
        }
    }

    @Test("ends the one that was not used for longest, whose files stay")
    func leastRecentlyUsed() async throws {
        try await Self.with { pool, _, _ in
            for thread in ["a", "b", "a"] {
                _ = try await Self.run("open('mine', 'w').close()\nx = 1", of: thread, in: pool)
            }
            #expect(try await Self.run("1", of: "c", in: pool).isNew)
            #expect(try await !Self.run("x", of: "a", in: pool).isNew)
            let back = try await Self.run("import os\nos.listdir()", of: "b", in: pool)
            #expect(back.heard.text == "['mine']\n" && back.isNew)
        }
    }

    /// What a cell is begun with and says.
    private static func told(
        _ code: String, of thread: String, hasHistory: Bool = true, in pool: KernelPool
    ) async throws -> [CellEvent] {
        var events: [CellEvent] = []
        let cell = CodeCell(thread: thread, code: code, hasHistory: hasHistory)
        _ = try await pool.run(cell) { events.append($0) }
        return events
    }

    @Test("says once what is gone of what a thread had, wherever its kernel went")
    func renewal() async throws {
        let quiet: [CellEvent] = [.ended(.finished)]
        try await Self.with(maximum: 1) { pool, clock, path in
            // The first cell of a thread has lost nothing; one of another host's thread has.
            let first = try await Self.told("x = 1", of: "a", hasHistory: false, in: pool)
            #expect(first == quiet)
            #expect(try await Self.told("x", of: "a", in: pool).last == .ended(.finished))
            // Another thread needs the place.
            let other = try await Self.told("x = 1", of: "b", in: pool)
            #expect(other == [.renewed(filesStay: false)] + quiet)
            #expect(try await Self.told("y = 1", of: "b", in: pool) == quiet)
            let back = try await Self.told("x = 1", of: "a", in: pool)
            #expect(back == [.renewed(filesStay: true)] + quiet)
            #expect(try await Self.told("y = 1", of: "a", in: pool) == quiet)
            // Nobody needs it for an hour.
            while access(path + "/1", F_OK) == 0 {
                clock.advance(by: .seconds(3600))
                await Task.yield()
            }
            let late = try await Self.told("x = 1", of: "a", in: pool)
            #expect(late == [.renewed(filesStay: false)] + quiet)
            #expect(try await Self.told("y = 1", of: "a", in: pool) == quiet)
        }
    }

    @Test("makes those wait for whom there is none, until one is given back")
    func waiting() async throws {
        try await Self.with(maximum: 1) { pool, _, _ in
            let (signs, sign) = AsyncStream.makeStream(of: String.self)
            var signal = signs.makeAsyncIterator()
            let (gate, opener) = AsyncStream.makeStream(of: Void.self)
            let first = Task {
                try await pool.withKernel(of: "a") { _, _ in
                    sign.yield("first")
                    for await _ in gate { break }
                }
            }
            #expect(await signal.next() == "first")
            let second = Task {
                try await pool.withKernel(of: "b") { _, _ in _ = sign.yield("second") }
            }
            let third = Task { try await pool.withKernel(of: "b") { _, _ in } }
            third.cancel()
            await #expect(throws: CancellationError.self) { try await third.value }
            opener.yield()
            try await first.value
            #expect(await signal.next() == "second")
            try await second.value
        }
    }

    @Test("ends a thread's kernel and removes its files after an hour without use")
    func idle() async throws {
        try await Self.with { pool, clock, path in
            _ = try await Self.run("open('mine', 'w').close()", of: "a", in: pool)
            await clock.sleeper(for: .seconds(3600))
            clock.advance(by: .seconds(3599))
            #expect(try await !Self.run("x = 1", of: "a", in: pool).isNew)
            await clock.sleeper(for: .seconds(3600))
            #expect(access(path + "/1/mine", F_OK) == 0)
            clock.advance(by: .seconds(3600))
            while access(path + "/1", F_OK) == 0 { await Task.yield() }
            let next = try await Self.run("import os\nos.listdir()", of: "a", in: pool)
            #expect(next.heard.text == "[]\n" && next.isNew)
        }
    }

    @Test("has one ready before anybody asks, with what figures need")
    func spare() async throws {
        try await Self.with(spare: true) { pool, _, path in
            await pool.prepare()
            await pool.prepared()
            #expect(access(path + "/1", F_OK) == 0)
            let first = try await pool.withKernel(of: "a") { kernel, origin in
                #expect(origin == .first)
                var heard = Heard()
                let code = "import sys\n'matplotlib.pyplot' in sys.modules, 'plots' in globals()"
                for await event in try await kernel.run(code) { heard.take(event) }
                let hasFigures = kernel.packages.contains("matplotlib")
                #expect(heard.text == (hasFigures ? "(True, False)\n" : "(False, False)\n"))
                return kernel.folder.path
            }
            #expect(first == path + "/1")
        }
    }

    @Test("stops code whose reader went on to something else, before it lends the kernel again")
    func unread() async throws {
        try await Self.with { pool, _, _ in
            try await pool.withKernel(of: "a") { kernel, _ in
                for await _ in try await kernel.run("x = 1\nprint('go')\nwhile True: pass") {
                    break
                }
            }
            let next = try await Self.run("x", of: "a", in: pool)
            #expect(next.heard.text == "1\n" && !next.isNew)
        }
    }

    @Test("forgets a thread with its files, also while its code runs")
    func forgetting() async throws {
        try await Self.with { pool, _, path in
            let heard = try await pool.withKernel(of: "a") { kernel, _ in
                var heard = Heard()
                for await event in try await kernel.run("print('go')\nwhile True: pass") {
                    if case .text = event { await pool.forget("a") }
                    heard.take(event)
                }
                return heard
            }
            #expect(heard.ending == .died("The sandbox was ended."))
            #expect(access(path + "/1", F_OK) != 0)
            #expect(try await Self.run("1", of: "a", in: pool).isNew)
        }
    }

    @Test("removes no files of a kernel that is still ending, as when another needs its place")
    func forgettingWhileEnding() async throws {
        try await Self.with(maximum: 1) { pool, _, path in
            for number in 1...5 {
                let process = try await pool.withKernel(of: "a") { kernel, _ in
                    kernel.process.child.processID
                }
                let other = Task { try await pool.withKernel(of: "b") { _, _ in } }
                while await !pool.isEnding("a"), kill(process, 0) == 0 { await Task.yield() }
                await pool.forget("a")
                #expect(kill(process, 0) != 0, "\(number)")
                try await other.value
                await pool.forget("b")
            }
        }
    }

    @Test("puts files in once, and gives out what the code made of them")
    func files() async throws {
        try await Self.with { pool, _, path in
            let (opened, count) = AsyncStream.makeStream(of: String.self)
            let files = ["file-1", "file-2"].map { key in
                CodeFile(key: key, name: "in.txt") {
                    count.yield(key)
                    let rest = Mutex<[UInt8]?>(Array(key.utf8))
                    return {
                        rest.withLock { bytes in
                            defer { bytes = nil }
                            return bytes
                        }
                    }
                }
            }
            let code = "open('out.txt', 'w').write(open('in.txt').read() + open('in-2.txt').read())"
            var events: [CellEvent] = []
            for _ in 0..<2 {
                let cell = CodeCell(thread: "a", code: code, files: files)
                let result = try await pool.run(cell) { events.append($0) }
                #expect(result.names == ["file-1": "in.txt", "file-2": "in-2.txt"])
                #expect(result.ending == .finished)
                #expect(result.origin == (events.count < 4 ? .first : .kept))
            }
            count.finish()
            var keys: [String] = []
            for await key in opened { keys.append(key) }
            #expect(keys == ["file-1", "file-2"])
            #expect(events.contains(.file("out.txt")) && events.last == .ended(.finished))
            #expect(await pool.files(of: "a") == ["in-2.txt", "in.txt", "out.txt"])
            #expect(await pool.files(of: "b").isEmpty)
            let target = path + ".copy"
            try await pool.copy("out.txt", of: "a", to: target)
            #expect(FileManager.default.contents(atPath: target) == Data("file-1file-2".utf8))
            await #expect(throws: FolderError.failed("written", code: EEXIST)) {
                try await pool.copy("out.txt", of: "a", to: target)
            }
            unlink(target)
            await #expect(throws: FolderError.failed("read", code: ENOENT)) {
                try await pool.copy("out.txt", of: "b", to: target)
            }
        }
    }

    @Test(
        "puts hostile names nowhere else, each file beside the others, as it says before",
        .enabled(if: Fixture.isPresent))
    func hostileNames() async throws {
        let suite = try JSONValue(parsing: Fixture.shared("suites/malicious/files/filenames.json"))
        var names = suite["cases"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        try #require(names.count > 10)
        names += ["mine", "mine", "a/mine", "/mnt/data/mine", "../mine"]
        let files = names.enumerated().map { number, name in
            CodeFile(key: "file-\(number)", name: name) {
                let rest = Mutex<[UInt8]?>(Array("\(number)".utf8))
                return {
                    rest.withLock { bytes in
                        defer { bytes = nil }
                        return bytes
                    }
                }
            }
        }
        let named = files.map { (key: $0.key, name: $0.name) }
        try await Self.with { pool, _, path in
            _ = try await Self.run("open('mine', 'w').close()", of: "a", in: pool)
            let said = await pool.files(of: "a", with: named)
            let code = "import os\nsorted(os.listdir()) == sorted(os.listdir('/mnt/data'))"
            var text = ""
            let cell = CodeCell(thread: "a", code: code, files: files)
            let result = try await pool.run(cell) { event in
                if case .text(let more, _) = event { text += more }
            }
            #expect(text == "True\n")
            // All are there, under names of their own, in the folder itself and not hidden away.
            #expect(Set(result.names.values).count == files.count)
            #expect(result.names.values.allSatisfy { FileName.isClean($0) && !$0.contains("/") })
            #expect(!result.names.values.contains("mine"))
            let there = try FileManager.default.contentsOfDirectory(atPath: path + "/1")
            #expect(Set(there) == Set(result.names.values).union(["mine"]))
            for (number, file) in files.enumerated() {
                let name = result.names[file.key] ?? ""
                let content = FileManager.default.contents(atPath: path + "/1/" + name)
                #expect(content == Data("\(number)".utf8), "\(names[number].debugDescription)")
            }
            let visible = Set(there.filter { !$0.hasPrefix(".") })
            #expect(Set(said).isSuperset(of: visible))
            #expect(Set(await pool.files(of: "a", with: named)) == visible)
        }
    }

    @Test("stops a cell whose task is cancelled before it is done with it")
    func cancelledRun() async throws {
        try await Self.with { pool, _, _ in
            let (signs, sign) = AsyncStream.makeStream(of: Void.self)
            let running = Task {
                let code = "x = 1\nprint('go')\nwhile True: pass"
                return try await pool.run(CodeCell(thread: "a", code: code)) { _ in
                    sign.yield()
                }
            }
            for await _ in signs { break }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            let next = try await Self.run("x", of: "a", in: pool)
            #expect(next.heard.text == "1\n" && !next.isNew)
        }
    }

    @Test("removes what an earlier host left behind, and nothing of one that is there")
    func leftovers() async throws {
        let parent = try SandboxPresence.temporaryFolder()
        mkdir(parent + "/7", 0o700)
        mkdir(parent + "/7/old", 0o700)
        let pool = try KernelPool(Sandbox(), folder: parent)
        #expect(access(parent + "/7", F_OK) != 0)
        _ = try await Self.run("open('mine', 'w').close()", of: "a", in: pool)
        let other = try KernelPool(Sandbox(), folder: parent)
        #expect(await pool.files(of: "a") == ["mine"])
        await pool.close()
        await other.close()
        #expect(rmdir(parent) == 0)
    }

    @Test("gives nobody a kernel that came after the thread was forgotten, or the pool closed")
    func forgottenWhileStarting() async throws {
        try await Self.with { pool, _, path in
            for closes in [false, true] {
                let taking = Task { try await pool.withKernel(of: "a") { _, _ in } }
                while SharedFolder.names(at: path).isEmpty { await Task.yield() }
                if closes { await pool.close() } else { await pool.forget("a") }
                await #expect(throws: CancellationError.self) { try await taking.value }
                #expect(await pool.files(of: "a").isEmpty)
            }
        }
    }
}
