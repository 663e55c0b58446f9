import TestSupport
import Testing

@Suite("doctor on code", .enabled(if: SandboxPresence.isPresent, "bubblewrap, python3 are needed"))
struct DoctorCodeTests {
    /// What doctor says where `bwrap` is this script.
    private func said(_ script: String) async throws -> String {
        let home = try ProgramHome()
        let bubblewrap = try home.write("#!/bin/sh\n" + script, to: "bin/bwrap")
        // As root it is started as somebody else.
        _ = try await home.shell("chmod 755 \(home.path) \(home.path)/bin \(bubblewrap)")
        let result = try await home.run(
            "doctor", environment: ["PATH": home.path + "/bin:/usr/bin:/bin"])
        #expect(result.status == 0, "\(result)")
        return result.output
    }

    @Test("has tried it") func tried() async throws {
        let result = try await ProgramHome().run("doctor")
        #expect(result.output.contains("✓ code"), "\(result)")
        #expect(result.output.contains("runs in a sandbox: Python 3."), "\(result)")
    }

    @Test("names everything that is missing, and the packages that have it")
    func missing() async throws {
        let home = try ProgramHome()
        let result = try await home.run("doctor", environment: ["PATH": home.path])
        #expect(result.output.contains("– code"), "\(result)")
        #expect(
            result.output.contains("There is no bwrap, no sh, no nice"), "\(result)")
        #expect(
            result.output.contains("apt-get install bubblewrap dash coreutils"), "\(result)")
    }

    @Test(
        "says what the system forbids, and what to do",
        arguments: [
            ("echo bwrap: No permissions to create new namespace >&2; exit 1", "AppArmor"),
            ("echo 'bwrap: prctl(PR_SET_SECCOMP): Invalid argument' >&2; exit 1", "(seccomp)"),
            ("echo 'bwrap: Unknown option --disable-userns' >&2; exit 1", "0.8 or later"),
            ("echo 'Something new' >&2; exit 1", "did not start: Something new"),
        ])
    func forbidden(script: String, says: String) async throws {
        let said = try await said(script)
        #expect(said.contains("– code") && said.contains(says), "\(said)")
    }

    @Test("names the packages that pictures and tables need") func packages() async throws {
        let ready = #"{"event":"ready","python":"3.11.2","packages":["numpy"]}"#
        let said = try await said("echo '\(ready)'; exec sleep 1000")
        #expect(said.contains("runs in a sandbox: Python 3.11.2 with numpy\n"), "\(said)")
        #expect(said.contains("apt-get install python3-matplotlib python3-pandas\n"), "\(said)")
    }
}
