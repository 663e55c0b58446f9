import Glibc

/// The clock of all latencies, in seconds.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Both ends of a pipe that programs do not inherit by themselves.
func closingPipe() -> [Int32] {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
}

/// Starts a program; `prepare` says what its descriptors are.
func spawn(
    _ command: [String], environment: [String: String], ownSession: Bool = false,
    _ prepare: (inout posix_spawn_file_actions_t) -> Void
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    // POSIX_SPAWN_SETSID, which the C library shows to GNU programs only.
    if ownSession { posix_spawnattr_setflags(&attributes, 0x80) }
    prepare(&actions)
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer {
        for pointer in arguments + variables { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }
    var processID: pid_t = 0
    let failure = posix_spawnp(&processID, command[0], &actions, &attributes, arguments, variables)
    guard failure == 0 else {
        throw BenchmarkError("\(command[0]): \(String(cString: strerror(failure)))")
    }
    return processID
}

/// What the system knows of a running process.
struct ProcessFigures {
    /// Seconds of processor time of all its threads, ended ones too.
    var processorTime = 0.0
    /// The most memory it ever had, in MB.
    var peakMemory = 0.0
    /// How often each of its threads waited for something, by the threads' ids.
    var voluntarySwitches: [String: Int] = [:]

    init(_ processID: pid_t) {
        var clock = clockid_t()
        var time = timespec()
        if clock_getcpuclockid(processID, &clock) == 0, clock_gettime(clock, &time) == 0 {
            processorTime = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let folder = "/proc/\(processID)"
        peakMemory = Double(Self.number("VmHWM:", in: folder + "/status")) * 1024 / 1e6
        guard let tasks = opendir(folder + "/task") else { return }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            voluntarySwitches[name] = Self.number(
                "voluntary_ctxt_switches:", in: folder + "/task/\(name)/status")
        }
    }

    /// How often threads waited since, those aside that have ended.
    func switches(since before: ProcessFigures) -> Int {
        voluntarySwitches.reduce(0) { $0 + $1.value - (before.voluntarySwitches[$1.key] ?? 0) }
    }

    /// A number behind a label, in a file of lines; 0 where there is none.
    static func number(_ label: String, in path: String) -> Int {
        for line in contents(of: path).split(separator: "\n") where line.hasPrefix(label) {
            return Int(line.dropFirst(label.count).split(whereSeparator: \.isWhitespace)[0]) ?? 0
        }
        return 0
    }
}

/// The text of a small file; empty when there is none.
func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
}

/// What stands under a table of times: how busy the machine was.
func load() -> String {
    "load " + contents(of: "/proc/loadavg").split(separator: " ").prefix(1).joined()
}

extension [Double] {
    /// The value below which so much of them lies (0.5: the median); 0 for none.
    func quantile(_ part: Double) -> Double {
        isEmpty ? 0 : sorted()[Swift.min(count - 1, Int(Double(count) * part))]
    }
}
