import Foundation
import Glibc
import Synchronization

/// The programs that real-peer tests talk to, made by `Tests/Peers/prepare`.
///
/// Suites that need them are enabled by `isPresent`, and are skipped by name where they were not
/// prepared. Where `CI` is set, a missing peer is an error, never a skip.
public enum Peers {
    /// The folder that `prepare` made, or nil where it was not run.
    public static let folder: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
        let folder = environment["SWITCHBOARD_PEERS"] ?? cache + "/switchboard/peers"
        let isPrepared = ["venv/bin/python", "scripted.gguf", "llama_server.py"].allSatisfy {
            FileManager.default.fileExists(atPath: folder + "/" + $0)
        }
        return isPrepared ? folder : nil
    }()

    /// Whether the peers are there, or must be.
    public static var isPresent: Bool {
        folder != nil || ProcessInfo.processInfo.environment["CI"] != nil
    }
}

/// A peer that a test asked for and that did not start.
public struct PeerError: Error, CustomStringConvertible {
    /// What happened, with the last lines that the peer said.
    public var description: String
}

/// A genuine llama.cpp server with the scripted model, on a free port of 127.0.0.1.
///
/// A class because it owns a process: the server ends when this object does, or with the test
/// process however that ends, because the server stops when its standard input closes.
public final class ModelServer: Sendable {
    /// The server's address without a path, `http://127.0.0.1:PORT`.
    public let address: String
    /// The port it listens on.
    public let port: Int
    /// Its process, which leads a group of its own.
    public let process: Int32

    private let connection: Int32
    private let isStopped = Mutex(false)

    /// Where chat completions are answered, `http://127.0.0.1:PORT/v1`.
    public var baseURL: String { address + "/v1" }

    /// Starts a server and waits until it answers, which takes a tenth of a second.
    ///
    /// - Parameters:
    ///   - alias: the model's name, as `/v1/models` gives it.
    ///   - context: tokens of context for all requests together; a small one makes overflow cheap.
    ///   - parallel: how many requests are answered at once.
    ///   - key: when given, requests must carry it as a bearer token.
    ///   - embeds: whether embeddings are answered too.
    /// - Throws: `PeerError` when the peers were not prepared, or the server said something else
    ///   than that it is ready, or nothing for 30 s.
    public static func start(
        alias: String = "tiny-scripted", context: Int = 8192, parallel: Int = 2, key: String? = nil,
        embeds: Bool = false
    ) async throws -> ModelServer {
        guard let folder = Peers.folder else {
            throw PeerError(description: "The peers are not there: run Tests/Peers/prepare.")
        }
        var arguments = [
            folder + "/venv/bin/python", folder + "/llama_server.py", folder + "/scripted.gguf",
            "--alias", alias, "--context", String(context), "--parallel", String(parallel),
        ]
        if let key { arguments += ["--api-key", key] }
        if embeds { arguments.append("--embeddings") }
        let command = arguments
        // Waiting for the first line blocks a thread: one of its own, not the task pool's two.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try ModelServer(running: command) })
            }
        }
    }

    private init(running arguments: [String]) throws {
        let child = try ChildProcess(arguments)
        defer { child.closeErrors() }
        guard let line = child.firstLine(within: .seconds(30)), line.hasPrefix("READY http"),
            let colon = line.lastIndex(of: ":"),
            let port = Int(line[line.index(after: colon)...])
        else {
            child.kill()
            throw PeerError(description: "The model server did not start. \(child.lastWords())")
        }
        self.address = String(line.dropFirst("READY ".count))
        self.port = port
        process = child.process
        connection = child.connection
    }

    /// Ends the server at once, with all that it started. A second call does nothing.
    public func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        guard !wasStopped else { return }
        ChildProcess.end(process: process, connection: connection)
    }

    deinit { stop() }
}

/// A child in a process group of its own, whose input and output are a socket that we hold.
private struct ChildProcess {
    let process: Int32
    let connection: Int32
    private let errors: Int32

    init(_ arguments: [String]) throws {
        let (ours, theirs) = try Self.socketPair()
        connection = ours
        errors = Self.temporaryFile()

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, theirs, 0)
        posix_spawn_file_actions_adddup2(&actions, theirs, 1)
        if errors >= 0 { posix_spawn_file_actions_adddup2(&actions, errors, 2) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Dispatch's threads block signals, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))

        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var identifier: pid_t = 0
        let code = posix_spawn(
            &identifier, arguments[0], &actions, &attributes, &words, environ)
        close(theirs)
        process = identifier
        guard code == 0 else {
            closeErrors()
            close(connection)
            throw PeerError(description: "\(arguments[0]): \(String(cString: strerror(code)))")
        }
    }

    private static func socketPair() throws -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        // Closed in every child: no other program may keep the server alive.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw PeerError(description: "No socket: \(String(cString: strerror(errno)))")
        }
        return (ends[0], ends[1])
    }

    /// A file without a name, or -1.
    private static func temporaryFile() -> Int32 {
        var path = Array("/tmp/model-server.XXXXXX".utf8CString)
        let file = mkstemp(&path)
        unlink(path)
        return file
    }

    /// The first line the child prints, without its end; nil when it prints none in time.
    func firstLine(within limit: Duration) -> String? {
        let deadline = ContinuousClock.now + limit
        var line: [UInt8] = []
        while line.count < 1024 {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            var waiting = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&waiting, 1, Int32(left) + 1) > 0 else { return nil }
            var byte: UInt8 = 0
            guard read(connection, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// The end of what the child wrote to standard error.
    func lastWords() -> String {
        let size = lseek(errors, 0, SEEK_END)
        guard errors >= 0, size > 0 else { return "It said nothing." }
        var bytes = [UInt8](repeating: 0, count: 2000)
        let count = pread(errors, &bytes, bytes.count, max(0, size - bytes.count))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Closes our end of the errors; what the child says later stays in the nameless file.
    func closeErrors() {
        if errors >= 0 { close(errors) }
    }

    func kill() { Self.end(process: process, connection: connection) }

    static func end(process: Int32, connection: Int32) {
        Glibc.kill(-process, SIGKILL)
        close(connection)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 && errno == EINTR {}
    }
}
