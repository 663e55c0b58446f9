import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite("A data directory") struct StoreFaultTests {
    @Test("in use by another process is shared with it, and can be read") func secondProcess()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.last == "user: hi"
                ? .streamHead + .delta("one ") + [.hold] + .delta("two") + .chatEnd("stop")
                : .chat("three")
        }
        let first = try home.start(["ask", "--model-url", chat.url, "hi"])
        #expect(await first.wait(for: "one "))
        #expect(try await home.run("ask", "me too").succeeded().output == "three\n")
        let made = try await home.run("threads", "create", "--name", "Made").succeeded().lines[0]
        try await home.run("assistants", "create", "--name", "New").succeeded()
        try await home.run("threads", "edit", "--name", "Renamed", made).succeeded()
        let key = try await home.run("keys", "create", "--name", "guest").succeeded().lines[0]
        #expect(key.hasPrefix("sk-"))
        let threads = try await home.run("threads", "list").succeeded().lines
        #expect(threads.map { $0.split(separator: "\t").last } == ["Renamed", "me too", "hi"])
        let thread = String(threads[2].prefix { $0 != "\t" })
        for arguments in [
            ["threads", "show", thread], ["threads", "export", thread],
            ["assistants", "list"], ["assistants", "export"], ["assistants", "show", "new"],
        ] {
            #expect(try await home.start(arguments).result().succeeded().output != "")
        }
        let list = try await home.run("keys", "list").succeeded().output
        #expect(list.contains(key.suffix(4)) && list.contains("guest"))
        chat.step()
        let result = await first.result().succeeded()
        #expect(result.output == "one two\n")
        let shown = try await home.run("threads", "show", thread).output
        #expect(shown == "user:\nhi\n\nassistant:\none two\n\n")
    }

    @Test("in use by an import is refused by the import's id") func exclusiveProcess()
        async throws
    {
        let home = try ProgramHome()
        try await home.run("threads", "create").succeeded()
        let descriptor = open(home.data + "/host.lock", O_RDWR)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        try home.write("4711\n", to: home.data + "/host.lock")
        for arguments in [["ask", "hello"], ["threads", "create"]] {
            let result = try await home.start(arguments).result()
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(result.errors.contains("in use by process 4711"), "\(result)")
        }
    }

    @Test("with a store that is none, or a newer one, is left as it is", arguments: [true, false])
    func foreignStore(isNewer: Bool) async throws {
        let home = try ProgramHome()
        let path = home.data + "/switchboard.sqlite"
        if isNewer {
            try await home.run("threads", "create", "--name", "kept").succeeded()
            try patch(path, at: 60, [0x7F, 0xFF, 0xFF, 0xFF])
        } else {
            try home.write(String(repeating: "This is no database. ", count: 500), to: path)
        }
        let before = try Data(contentsOf: URL(filePath: path))
        for arguments in [
            ["ask", "hello"], ["threads", "list"], ["threads", "create"], ["doctor"],
        ] {
            let result = try await home.start(arguments).result()
            #expect(result.status == 1, "\(result)")
            let said = result.output + result.errors
            #expect(said.contains(isNewer ? "newer Switchboard" : "damaged"), "\(said)")
            #expect(said.contains(path))
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    private func patch(_ path: String, at offset: Int, _ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        try #require(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
    }

    @Test("that is damaged in the middle fails in a sentence, not in a trap") func damage()
        async throws
    {
        let home = try ProgramHome()
        try await home.run("threads", "create", "--name", "kept").succeeded()
        let path = home.data + "/switchboard.sqlite"
        let size = try Data(contentsOf: URL(filePath: path)).count
        for offset in stride(from: 4096, to: size, by: 4096) {
            try patch(path, at: offset, Array(repeating: 0xA5, count: 4096))
        }
        for arguments in [["threads", "list"], ["ask", "hello"], ["assistants", "list"]] {
            let result = try await home.start(arguments).result()
            #expect(result.status == 1)
            #expect(result.errors.contains("damaged"), "\(result)")
        }
    }

    @Test("that cannot be made is named, with what to do") func unmakeable() async throws {
        let home = try ProgramHome()
        let file = try home.write("not a folder", to: "file")
        for arguments in [["ask", "hello"], ["threads", "list"], ["threads", "create"]] {
            let result = try await home.start(arguments + ["--data", file + "/below"]).result()
            #expect(result.status == 1)
            #expect(result.errors.contains(file + "/below"))
            #expect(result.errors.contains("--data"))
        }
    }

    @Test("keeps its files to its owner, also where others can look") func permissions()
        async throws
    {
        let home = try ProgramHome()
        try await home.run("ask", "hello").succeeded()
        #expect(mode(home.data) == 0o700)
        let shared = home.path + "/shared"
        try FileManager.default.createDirectory(
            atPath: shared, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        try await home.run("ask", "--data", shared, "hello").succeeded()
        let names = try FileManager.default.contentsOfDirectory(atPath: shared)
        #expect(names.contains("switchboard.sqlite"))
        for name in names { #expect(mode(shared + "/" + name) == 0o600, "\(name)") }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

@Suite("A data directory on a disk of its own", .enabled(if: SmallDisk.isPossible, "no namespaces"))
struct SmallDiskTests {
    @Test("that is full: says so, harms nothing, and goes on when there is room") func fullDisk()
        async throws
    {
        let disk = try SmallDisk()
        let chat = try ScriptedChat(saying: ["fine"])
        let result = try await disk.run(
            """
            $switchboard threads create --name kept >/dev/null
            cat /dev/zero > data/fill 2>/dev/null
            $switchboard ask --model-url \(chat.url) hi; echo "status $?"
            $switchboard threads list | cut -f 4
            rm data/fill
            $switchboard ask --model-url \(chat.url) again
            $switchboard threads list | cut -f 4
            """)
        #expect(result.lines == ["status 1", "kept", "fine", "again", "kept"], "\(result)")
        #expect(result.errors.contains("disk is full"), "\(result)")
    }

    @Test("that fills up during a run: fails in a sentence, and the thread can go on")
    func filling()
        async throws
    {
        let disk = try SmallDisk()
        let chat = try ScriptedChat { question in
            question.messages.count > 1
                ? .chat(["fine"])
                : .streamHead + .delta("begun ") + [.hold]
                    + .delta(String(repeating: "text ", count: 4000)) + .chatEnd("stop")
        }
        let program = try disk.start(
            """
            thread=$($switchboard threads create)
            $switchboard ask --thread $thread --model-url \(chat.url) hi &
            cat turn > /dev/null
            cat /dev/zero > data/fill 2>/dev/null
            echo full
            wait $!; echo "status $?"
            rm data/fill
            $switchboard ask --thread $thread --model-url \(chat.url) again
            """)
        #expect(await program.wait(for: "begun "))
        try disk.takeTurn()
        #expect(await program.wait(for: "full\n"))
        chat.step()
        let result = await program.result()
        #expect(result.output.contains("status 1\n"), "\(result)")
        #expect(result.output.hasSuffix("fine\n"), "\(result)")
        #expect(result.errors.contains("disk is full"), "\(result)")
    }

    @Test("that cannot be written: says so, and lets what is there be read") func readOnly()
        async throws
    {
        let disk = try SmallDisk()
        let result = try await disk.run(
            """
            $switchboard threads create --name kept >/dev/null
            mount -o remount,ro "$PWD/data"
            $switchboard ask hello; echo "status $?"
            $switchboard threads list | cut -f 4
            """)
        #expect(result.lines == ["status 1", "kept"], "\(result)")
        #expect(result.errors.contains("cannot be"), "\(result)")
    }
}

/// A home whose data directory is a disk of 1.2 MB, which goes with the processes that use it.
private struct SmallDisk {
    let home: ProgramHome

    init() throws {
        home = try ProgramHome()
        try FileManager.default.createDirectory(
            atPath: home.data, withIntermediateDirectories: true)
        guard mkfifo(home.path + "/turn", 0o600) == 0 else { throw CancellationError() }
    }

    /// Whether this system lets a process have mounts of its own.
    static let isPossible: Bool = {
        let line = "unshare -rm mount -t tmpfs tmpfs /mnt 2>/dev/null"
        return system(line) == 0
    }()

    func start(_ script: String) throws -> Program {
        try home.write(script, to: "script")
        return try home.startShell(
            """
            cd "$HOME"
            exec unshare -rm sh -c 'mount -t tmpfs -o size=1200k tmpfs "$HOME/data" && . ./script'
            """)
    }

    func run(_ script: String) async throws -> Program.Result { try await start(script).result() }

    /// Ends the script's `cat turn`.
    func takeTurn() throws {
        let descriptor = open(home.path + "/turn", O_WRONLY)
        guard descriptor >= 0 else { throw CancellationError() }
        close(descriptor)
    }
}
