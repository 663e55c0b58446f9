import FoundationEssentials
import Glibc

/// A home directory of its own for the built program: no keys, no data, no configuration of the
/// person who runs the tests, and no looking for model servers.
///
/// A class because it owns a folder, which is removed with it.
package final class ProgramHome: Sendable {
    /// The folder.
    package let path: String
    /// The environment that every start gets.
    package let environment: [String: String]

    /// Where the program keeps its data.
    package var data: String { path + "/data" }
    /// The configuration file that the program reads.
    package var configuration: String { path + "/config/switchboard/config.yaml" }

    /// The program, which the build puts beside the tests.
    package static let program: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let parts = (tests ?? CommandLine.arguments[0]).split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/") + "/switchboard"
    }()

    /// Makes a home.
    /// - Parameter discovers: whether the program looks for model servers on this machine.
    package init(discovers: Bool = false) throws {
        var template = Array("/tmp/switchboard-home.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ProgramError(description: "no folder: \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.path = path
        environment = [
            "HOME": path, "XDG_CONFIG_HOME": path + "/config", "XDG_STATE_HOME": path + "/state",
            "XDG_DATA_HOME": path + "/share", "XDG_CACHE_HOME": path + "/cache",
            "SWITCHBOARD_DATA": path + "/data", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "SWIFT_BACKTRACE": "enable=no", "TMPDIR": "/tmp",
        ]
        try configure(discovers ? "" : "model:\n  discovery: false\n")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes the configuration file.
    package func configure(_ text: String) throws {
        try write(text, to: configuration)
    }

    /// Writes a file, with the folders above it; gives its path back.
    @discardableResult
    package func write(_ text: String, to path: String) throws -> String {
        let full = path.hasPrefix("/") ? path : self.path + "/" + path
        let folder = full.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(
            atPath: "/" + folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: full))
        return full
    }

    /// Starts the program.
    /// - Parameters:
    ///   - input: what standard input holds; nil leaves it open without an end.
    ///   - environment: laid over the home's own.
    ///   - countsWrites: whether each write to standard output is kept as one piece.
    package func start(
        _ arguments: [String], input: String? = "", environment: [String: String] = [:],
        countsWrites: Bool = false
    ) throws -> Program {
        try Program(
            [Self.program] + arguments, input: input.map { Array($0.utf8) },
            environment: self.environment.merging(environment) { $1 }, countsWrites: countsWrites)
    }

    /// Runs the program to its end.
    package func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) async throws -> Program.Result {
        try await start(arguments, input: input, environment: environment).result()
    }

    /// Starts a line of shell in which `$switchboard` is the program.
    package func startShell(_ line: String) throws -> Program {
        try Program(
            ["/bin/sh", "-c", line], input: [],
            environment: environment.merging(["switchboard": Self.program]) { $1 },
            countsWrites: false)
    }

    /// Runs a line of shell to its end.
    package func shell(_ line: String) async throws -> Program.Result {
        try await startShell(line).result()
    }

    /// All files below the home, by path.
    package func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let full = path + "/" + name
            guard let bytes = try? Data(contentsOf: URL(filePath: full)) else { continue }
            files[name] = [UInt8](bytes)
        }
        return files
    }
}

/// A program that a test asked for and that did not start.
package struct ProgramError: Error, CustomStringConvertible {
    /// What happened.
    package var description: String
}
