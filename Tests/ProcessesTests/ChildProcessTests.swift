import Glibc
import Processes
import Testing

@Suite("A child process", .timeLimit(.minutes(1)))
struct ChildProcessTests {
    @Test("reads what is written and writes it back, byte for byte, however much it is")
    func echoes() async throws {
        let child = try ChildProcess(Launch(["cat"]))
        let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        async let read = Self.all { try await child.nextOutput() }
        for start in stride(from: 0, to: bytes.count, by: 100_000) {
            try await child.write(Array(bytes[start..<min(bytes.count, start + 100_000)]))
        }
        child.closeInput()
        #expect(try await read == bytes)
        #expect(await child.ending() == .exited(0))
        #expect(try await child.nextOutput() == nil)
    }

    @Test("tells its status and what it said on standard error")
    func status() async throws {
        let child = try ChildProcess(Launch(["sh", "-c", "echo sorry >&2; exit 3"]))
        #expect(try await Self.all { try await child.nextErrors() } == Array("sorry\n".utf8))
        #expect(await child.ending() == .exited(3))
        #expect(child.processID > 0)
    }

    @Test("ends with all that it started")
    func wholeGroup() async throws {
        let script = "sleep 1000 & echo $!; wait"
        let child = try ChildProcess(Launch(["sh", "-c", script]))
        let line = try #require(try await child.nextOutput())
        let grandchild = try #require(Int32(String(decoding: line.dropLast(), as: UTF8.self)))
        #expect(kill(grandchild, 0) == 0)
        child.end()
        #expect(await child.ending() == .killed(SIGKILL))
        #expect(try await child.nextOutput() == nil)
        #expect(Self.isGone(grandchild))
    }

    @Test("leaves nothing behind that it started and did not wait for")
    func leftBehind() async throws {
        let child = try ChildProcess(Launch(["sh", "-c", "sleep 1000 & echo $!"]))
        let line = try #require(try await child.nextOutput())
        let grandchild = try #require(Int32(String(decoding: line.dropLast(), as: UTF8.self)))
        #expect(await child.ending() == .exited(0))
        #expect(try await child.nextOutput() == nil)
        #expect(Self.isGone(grandchild))
    }

    @Test("has its three streams and no other descriptor")
    func descriptors() async throws {
        let secret = open("/dev/null", O_RDONLY)
        defer { close(secret) }
        let child = try ChildProcess(Launch(["sh", "-c", "ls /proc/$$/fd"]))
        let output = try await Self.all { try await child.nextOutput() }
        let numbers = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(numbers.prefix(3) == ["0", "1", "2"])
        #expect(!numbers.contains("\(secret)"), "\(numbers)")
    }

    @Test("has the further descriptors that its launch names, whatever numbers they had")
    func furtherDescriptors() throws {
        // The numbers that they get are each other's.
        let words = ["one", "two"].map { word in
            var template = Array("/tmp/switchboard-XXXXXX".utf8CString)
            let file = mkstemp(&template)
            unlink(template)
            write(file, word, word.utf8.count)
            lseek(file, 0, SEEK_SET)
            return file
        }
        defer { for file in words { close(file) } }
        let script = "test \"$(cat <&3)\" = two && test \"$(cat <&4)\" = one"
        var launch = Launch(["sh", "-c", script], input: .nothing)
        launch.descriptors = words.reversed()
        #expect(try launch.run().isSuccess)
    }

    @Test("hears what Ctrl+C sends")
    func interrupt() async throws {
        let child = try ChildProcess(
            Launch(["sh", "-c", "trap 'exit 7' INT; echo ready; while :; do :; done"]))
        _ = try await child.nextOutput()
        child.interrupt()
        #expect(await child.ending() == .exited(7))
        child.interrupt()
    }

    @Test("that reads no more refuses what is written")
    func inputClosed() async throws {
        let child = try ChildProcess(Launch(["true"]))
        _ = await child.ending()
        await #expect(throws: ProcessError.inputClosed) { try await child.write([1]) }
    }

    @Test("that never reads does not hold a cancelled writer")
    func cancelledWriter() async throws {
        let child = try ChildProcess(Launch(["sleep", "1000"]))
        let writing = Task { try await child.write([UInt8](repeating: 0, count: 1 << 20)) }
        writing.cancel()
        await #expect(throws: ProcessError.cancelled) { try await writing.value }
        child.end()
        #expect(await child.ending() == .killed(SIGKILL))
    }

    @Test("is killed when nobody has it any more")
    func dropped() async throws {
        var child: ChildProcess? = try ChildProcess(Launch(["sleep", "1000"]))
        let process = try #require(child?.processID)
        child = nil
        #expect(Self.isGone(process))
    }

    @Test("that is not there is named, before anything is started")
    func missing() {
        #expect(throws: ProcessError.notFound("no-such-program")) {
            try ChildProcess(Launch(["no-such-program"]))
        }
        #expect(throws: ProcessError.notFound("/etc")) { try Launch(["/etc"]).run() }
        #expect(throws: ProcessError.notFound("")) { try Launch([]).run() }
    }

    @Test("can be run to its end with streams that lead elsewhere")
    func run() throws {
        let quiet = Launch(["sh", "-c", "echo loud; exit 7"], input: .nothing, output: .nothing)
        #expect(try quiet.run() == .exited(7))
        let killed = Launch(["sh", "-c", "kill -9 $$"], input: .nothing)
        #expect(try killed.run() == .killed(SIGKILL))
        let told = Launch(
            ["sh", "-c", "test \"$WORD\" = spoken && test -z \"$HOME\""], input: .nothing,
            environment: ["WORD": "spoken"])
        #expect(try told.run().isSuccess)
    }

    /// Everything up to the end of a stream.
    private static func all(_ next: () async throws -> [UInt8]?) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() { bytes += piece }
        return bytes
    }

    /// Whether a killed process is gone, or waits for a parent that is not ours to take its status.
    private static func isGone(_ process: Int32) -> Bool {
        for _ in 0..<100_000 {
            let descriptor = open("/proc/\(process)/stat", O_RDONLY)
            if descriptor < 0 { return true }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = read(descriptor, &bytes, bytes.count)
            if count <= 0 { return true }
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            let state = text.split(separator: ")").last?.split(separator: " ").first
            if state == "Z" || state == "X" { return true }
            sched_yield()
        }
        return false
    }
}
