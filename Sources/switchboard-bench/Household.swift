import FoundationEssentials
import Glibc

/// A home of its own for the measured program: no keys, no data, no looking for servers.
///
/// A class, because the folder goes with it.
final class Household {
    /// The folder.
    let path: String
    /// What every start gets.
    let environment: [String: String]

    /// The program, which the build puts beside this one.
    static let program: String = sibling("switchboard")
    /// This program, for the floors that need a process.
    static let own: String = sibling("switchboard-bench")

    private static func sibling(_ name: String) -> String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let parts = (own ?? CommandLine.arguments[0]).split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/") + "/" + name
    }

    /// Makes a home with these settings besides the usual ones.
    init(settings: String = "") throws {
        var template = Array("/tmp/switchboard-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchmarkError("no folder in /tmp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        environment = [
            "HOME": path, "XDG_CONFIG_HOME": path + "/config", "XDG_STATE_HOME": path + "/state",
            "SWITCHBOARD_DATA": path + "/data", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
        ]
        let folder = path + "/config/switchboard"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data(("model:\n  discovery: false\nlayout: band\n" + settings).utf8)
            .write(to: URL(filePath: folder + "/config.yaml"))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Runs the program to its end with these arguments; what it printed, and how long it took.
    func run(_ command: [String]) throws -> (output: [UInt8], seconds: Double, cpu: Double) {
        let ends = closingPipe()
        let start = now()
        let processID = try spawn(command, environment: environment) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        }
        close(ends[1])
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(ends[0], &chunk, chunk.count)
            if count <= 0 { break }
            output += chunk[..<count]
        }
        close(ends[0])
        var usage = rusage()
        wait4(processID, nil, 0, &usage)
        let used = [usage.ru_utime, usage.ru_stime].reduce(0.0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
        return (output, now() - start, used)
    }
}
