import CLinux
import Glibc

/// What the system says about an error number.
func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

extension Launch {
    /// The path of a program in `PATH`; nil when it is not there.
    package static func path(of name: String) -> String? {
        if name.contains("/") { return isProgram(name) ? name : nil }
        guard !name.isEmpty, let folders = getenv("PATH").map({ String(cString: $0) }) else {
            return nil
        }
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }

    /// Our environment without the keys in it, for programs that have no business with them.
    package static var environmentWithoutKeys: [String: String] {
        var environment: [String: String] = [:]
        var place = environ
        while let entry = place.pointee {
            let parts = String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            place += 1
            guard parts.count == 2, !isSecret(parts[0]) else { continue }
            environment[String(parts[0])] = String(parts[1])
        }
        return environment
    }

    /// Whether a variable is named like a key, a token, a secret or a password.
    static func isSecret(_ name: Substring) -> Bool {
        name.uppercased().split(separator: "_").contains { part in
            var part = part[...]
            while let last = part.last, last.isNumber { part.removeLast() }
            if part.last == "S", part != "PASS" { part.removeLast() }
            return ["PASS", "PAT"].contains(part)
                || ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL"]
                    .contains { part.hasSuffix($0) }
        }
    }

    /// Runs to its end, for which this thread waits. What it started may go on.
    package func run() throws(ProcessError) -> ProcessEnding {
        ProcessEnding(reaping: try spawn())
    }

    /// Starts it for itself: in a session that is not ours, with streams to nothing. Neither it nor
    /// what it starts ends with us, and its end is not waited for.
    /// - Throws: `notFound` and `notStarted`.
    package func startDetached() throws(ProcessError) {
        let name = arguments.first ?? ""
        guard let path = Self.path(of: program ?? name) else { throw .notFound(name) }
        // The shell is our child and ends at once; what it started is then nobody's child. Names
        // are arguments of the script and never part of it.
        var shell = Launch(
            ["sh", "-c", #""$@" &"#, "sh", path] + arguments.dropFirst(), input: .nothing,
            output: .nothing, errors: .nothing, environment: environment)
        shell.hasOwnSession = true
        guard try shell.run().isSuccess else { throw .notStarted(name, code: EAGAIN) }
    }

    /// Starts the program; of our descriptors it has only those that the launch names.
    func spawn() throws(ProcessError) -> pid_t {
        let name = arguments.first ?? ""
        guard let path = Self.path(of: program ?? name) else { throw .notFound(name) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in [input, output, errors].enumerated() {
            let mode = number == 0 ? O_RDONLY : O_WRONLY
            switch stream {
            case .shared: break
            case .nothing:
                posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", mode, 0)
            case .descriptor(let descriptor):
                posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
            }
        }
        // Copies above the numbers that they get: none overwrites another.
        let first = 3 + Int32(descriptors.count)
        let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, first) }
        defer { for copy in copies where copy >= 0 { close(copy) } }
        for (number, copy) in copies.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, copy, Int32(3 + number))
        }
        _ = system_spawn_closing_others(&actions, first)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)
        var process: pid_t = 0
        let code = withPointers(arguments) { words in
            guard let environment else {
                return posix_spawn(&process, path, &actions, &attributes, words, environ)
            }
            return withPointers(environment.map { "\($0.key)=\($0.value)" }) {
                posix_spawn(&process, path, &actions, &attributes, words, $0)
            }
        }
        guard code == 0 else { throw .notStarted(name, code: code) }
        return process
    }

    /// What our threads block and our program ignores would stay so in the child.
    private func setSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        var ours = sigset_t()
        sigemptyset(&ours)
        for number in [SIGPIPE, SIGTTOU, SIGINT, SIGTERM, SIGHUP] { sigaddset(&ours, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &ours)
        let session = hasOwnSession ? Int32(SYSTEM_SPAWN_SESSION) : 0
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | session))
    }
}

extension ProcessEnding {
    /// Waits for a child's end and takes its status.
    init(reaping process: pid_t) {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            // A child that somebody else waited for has no status left.
            if errno != EINTR {
                self = .killed(0)
                return
            }
        }
        // The low seven bits are the signal it died of.
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
    }
}

/// Words as the system's calls take them: pointers, ended by a null.
private func withPointers<Result>(
    _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
