import FoundationEssentials
import Glibc
import Processes
import TestSupport
import Testing

@Suite("A sandbox of an ordinary user")
struct OrdinaryUserTests {
    /// Nobody: in every system, and never who runs the tests as root.
    private static let user = [
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
    ]

    @Test(
        "holds as that of root does", .timeLimit(LongForms.timeLimit),
        .enabled(if: geteuid() == 0, "an ordinary user runs the tests, and with them this"),
        .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
    func holds() async throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let access = Launch(Self.user + ["test", "-x", program], input: .nothing)
        guard try access.run().isSuccess else {
            try Test.cancel("ordinary users cannot read the tests' program")
        }
        let suites =
            LongForms.areAsked
            ? "Sandbox.*Tests|HostileKernelTests|Code.*Tests|KernelPoolTests|SharedFolderTests"
            : "SandboxEscapeTests|SandboxDiskTests|SandboxProofTests"
        let child = try ChildProcess(
            Launch(
                Self.user + [
                    "sh", "-c", "exec \"$@\" 2>&1", "sh", program, "--testing-library",
                    "swift-testing", "--filter", suites,
                ], environment: ["PATH": "/usr/bin:/bin", "HOME": "/tmp", "CI": "true"]))
        child.closeInput()
        var output: [UInt8] = []
        while let bytes = try await child.nextOutput() { output += bytes }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        let ending = await child.ending()
        #expect(ending.isSuccess, "\(lines.filter { $0.hasPrefix("✘") })")
        let last = try #require(lines.last { $0.contains("Test run with ") })
        let count = last.split(separator: "Test run with ").last?.split(separator: " ").first
        #expect(try #require(count.flatMap { Int($0) }) >= 10, "\(last)")
    }
}
