import Glibc
import Wire

/// A server that runs: ours, or the one it is measured beside.
final class ServedProgram {
    /// How it is called in the tables.
    let name: String
    /// What the paths of its endpoints begin with.
    let prefix: String
    let port: Int
    let key: String
    let processID: pid_t

    /// Starts `switchboard serve` in a household.
    init(home: Household, model: String) throws {
        name = "switchboard serve"
        prefix = "/v1"
        let ends = closingPipe()
        let command = [
            Household.program, "serve", "--port", "0", "--model-url", model, "--model", "bench",
        ]
        processID = try spawn(command, environment: home.environment) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
            let log = home.path + "/serve.log"
            posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        close(ends[1])
        var port: Int?
        var key = ""
        for line in lines(from: ends[0], count: 2) {
            if let place = line.firstRange(of: "127.0.0.1:") {
                port = Int(line[place.upperBound...].prefix { $0.isNumber })
            }
            if let place = line.firstRange(of: "API_KEY=") {
                key = String(line[place.upperBound...])
            }
        }
        guard let port else { throw BenchmarkError("switchboard serve did not start") }
        (self.port, self.key) = (port, key)
    }

    /// Starts the peer: FastAPI on uvicorn with two workers.
    ///
    /// - Parameter isAlone: Whether it makes its events itself instead of asking the model server.
    init(peer: PeerFolder, home: Household, model: String, isAlone: Bool = false) throws {
        name = isAlone ? "FastAPI, its own events" : "FastAPI"
        prefix = isAlone ? "/alone" : "/v1"
        key = "none"
        let (listener, port) = try Loopback.listen()
        self.port = port
        close(listener)
        var environment = home.environment
        environment["PEER_MODEL_URL"] = model
        environment["PEER_DATABASE"] = home.path + "/peer.sqlite"
        let command = [
            peer.python, "-m", "uvicorn", "fastapi_server:app", "--app-dir", peer.programs,
            "--host", "127.0.0.1", "--port", "\(port)", "--workers", "2", "--loop", "uvloop",
            "--http", "httptools", "--no-access-log", "--log-level", "warning",
        ]
        processID = try spawn(command, environment: environment) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            let log = home.path + "/peer.log"
            posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        try waitForWorkers()
    }

    deinit { stop() }

    /// The workers come one after the other; each has made its connections when it answers.
    private func waitForWorkers() throws {
        let end = now() + 30
        while now() < end {
            usleep(200_000)
            guard family.count >= 3, (try? call("GET", "/healthz")) != nil else { continue }
            sleep(1)
            return
        }
        throw BenchmarkError("the peer did not start")
    }

    /// Seconds of processor time of the program and its children.
    var processorTime: Double {
        family.reduce(0) { $0 + ProcessFigures($1).processorTime }
    }

    /// The most memory that each of its processes ever had, together, in MB.
    var memory: Double {
        family.reduce(0) { $0 + ProcessFigures($1).peakMemory }
    }

    private var family: [pid_t] { [processID] + children(of: processID) }

    /// Asks once and gives the body of the answer.
    func call(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue {
        let connection = try Loopback.connect(to: port)
        defer { close(connection) }
        Loopback.send(
            HTTPMessage.request(method, path, key: key, body: body), to: connection)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let message = HTTPMessage(bytes), message.isWhole {
                guard message.status == 200 else {
                    throw BenchmarkError(
                        "\(name): \(method) \(path): \(message.status) "
                            + String(decoding: message.body, as: UTF8.self))
                }
                return try JSONValue(parsing: Array(message.body))
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            if count <= 0 { throw BenchmarkError("\(name): \(method) \(path): no answer") }
            bytes += chunk[..<count]
        }
    }

    /// The id of an object that is made.
    func create(_ path: String, _ body: String = "{}") throws -> String {
        try call("POST", prefix + path, body)["id"]?.stringValue ?? ""
    }

    private var isStopped = false

    /// Ends the program and waits for its end.
    func stop() {
        if isStopped { return }
        isStopped = true
        let children = children(of: processID)
        kill(processID, SIGTERM)
        var status: Int32 = 0
        let end = now() + 5
        while waitpid(processID, &status, WNOHANG) == 0 {
            if now() > end {
                for child in children { kill(child, SIGKILL) }
                kill(processID, SIGKILL)
            }
            usleep(10_000)
        }
    }
}

/// Where the peer's programs are, as `script/bench` prepares them.
struct PeerFolder {
    let python: String
    let programs: String

    /// The folder that `SWITCHBOARD_BENCH_PEER` names; nil where it names none.
    init?() {
        guard let folder = getenv("SWITCHBOARD_BENCH_PEER").map({ String(cString: $0) }),
            access(folder + "/venv/bin/python", X_OK) == 0
        else { return nil }
        python = folder + "/venv/bin/python"
        programs = folder
    }
}

/// The next lines of a pipe.
func lines(from descriptor: Int32, count: Int) -> [Substring] {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count(where: { $0 == 0x0A }) < count, read(descriptor, &byte, 1) == 1 {
        bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
}

/// The processes that a process has started and theirs.
func children(of processID: pid_t) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var parents: [pid_t: pid_t] = [:]
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard let number = pid_t(name) else { continue }
        let fields = contents(of: "/proc/\(name)/stat").split(separator: ")").last?
            .split(separator: " ")
        if let fields, fields.count > 1 { parents[number] = pid_t(fields[1]) }
    }
    var found = [processID]
    var place = 0
    while place < found.count {
        let parent = found[place]
        found += parents.filter { $0.value == parent }.keys
        place += 1
    }
    return Array(found.dropFirst())
}
