import Dispatch
import Foundation
import Glibc
import Synchronization

/// A program that runs beside the tests, with sockets for its input, output and errors.
///
/// A class because it owns a process: what still runs when it goes is killed.
package final class Program: Sendable {
    /// What a program did.
    package struct Result: Sendable, CustomStringConvertible {
        /// The exit status, or minus the signal that it died of.
        package var status: Int32 = 0
        /// What it wrote to standard output.
        package var outputBytes: [UInt8] = []
        /// What it wrote to standard error.
        package var errorBytes: [UInt8] = []
        /// How many pieces the output came in: writes where those are counted, reads elsewhere.
        package var outputPieces = 0

        /// Standard output as text.
        package var output: String { String(decoding: outputBytes, as: UTF8.self) }
        /// Standard error as text.
        package var errors: String { String(decoding: errorBytes, as: UTF8.self) }
        /// The lines of standard output.
        package var lines: [String] {
            output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        }
        /// Everything, for failure messages.
        package var description: String {
            "status \(status)\noutput: \(output)\nerrors: \(errors)"
        }
    }

    /// The process.
    package let processID: Int32
    private let progress = ProgramProgress()
    private let openInput: Int32?

    /// Starts a program by its absolute path, with exactly this environment.
    package init(
        _ command: [String], input: [UInt8]?, environment: [String: String], countsWrites: Bool
    ) throws {
        let (inputRead, inputWrite) = try Self.ends()
        let (outputRead, outputWrite) = try Self.ends(countsWrites ? SOCK_SEQPACKET : SOCK_STREAM)
        let (errorRead, errorWrite) = try Self.ends()
        defer { [inputRead, outputWrite, errorWrite].forEach { close($0) } }
        processID = try Self.spawn(
            command, environment, descriptors: [inputRead, outputWrite, errorWrite])
        // Threads of their own, as reads and waits block; they do not keep this object.
        let (progress, process) = (progress, processID)
        if let input {
            openInput = nil
            Self.thread { Self.send(input, to: inputWrite) }
        } else {
            openInput = inputWrite
        }
        Self.thread {
            progress.read(outputRead) { result, bytes in
                result.outputPieces += 1
                result.outputBytes += bytes
            }
        }
        Self.thread { progress.read(errorRead) { $0.errorBytes += $1 } }
        Self.thread { progress.awaitEnd(of: process) }
    }

    deinit {
        end()
        if let openInput { close(openInput) }
    }

    /// Kills the program and what it started, if it still runs.
    package func end() {
        if !progress.now.hasEnded { kill(-processID, SIGKILL) }
    }

    // MARK: Waiting

    /// What came until now.
    package var sofar: Result { progress.now.result }

    /// Waits until what came is as the test wants; false when the program ended or time ran out
    /// before.
    @discardableResult
    package func wait(
        seconds: Double = 60, until condition: @Sendable (Result) -> Bool
    ) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        let progress = progress
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { progress.change { _ in } }
        while true {
            let now = progress.now
            if condition(now.result) { return true }
            if now.isOver || ContinuousClock.now >= end { return false }
            await progress.change(after: now.changes)
        }
    }

    /// Waits until standard output holds a text.
    @discardableResult
    package func wait(for text: String, seconds: Double = 60) async -> Bool {
        await wait(seconds: seconds) { $0.output.contains(text) }
    }

    /// Waits for the program's end. One that takes longer is killed, and has then died of that.
    package func result(seconds: Double = 60) async -> Result {
        let (progress, process) = (progress, processID)
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
            if !progress.now.hasEnded { kill(-process, SIGKILL) }
        }
        while true {
            let now = progress.now
            if now.isOver { return now.result }
            await progress.change(after: now.changes)
        }
    }

    /// Sends a signal.
    package func signal(_ number: Int32) {
        if !progress.now.hasEnded { kill(processID, number) }
    }

    private static func thread(_ work: @escaping @Sendable () -> Void) {
        // Not Dispatch's: that has 255 at most, and hundreds of tests run at once.
        Thread.detachNewThread(work)
    }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { break }
        }
        close(descriptor)
    }

    // MARK: Starting

    /// Two ends that are closed in every other child: what another program holds open never ends.
    /// A socket of packets keeps each write apart.
    private static func ends(
        _ kind: __socket_type = SOCK_STREAM
    ) throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(kind.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ProgramError(description: "no socket: \(String(cString: strerror(errno)))")
        }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ command: [String], _ environment: [String: String], descriptors: [Int32]
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Dispatch's threads block signals and test runners ignore some; a child inherits both.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, command[0], &actions, &attributes, &words, &variables)
        guard code == 0 else {
            throw ProgramError(description: "\(command[0]): \(String(cString: strerror(code)))")
        }
        return process
    }
}
