import Glibc

/// What was found by starting a Python in a sandbox, as the system may forbid what is all there.
package struct SandboxTrial: Hashable, Sendable {
    /// The version of Python.
    package var python: String
    /// Which of matplotlib, numpy and pandas it has.
    package var packages: [String]

    /// Starts one, and ends it.
    /// - Throws: why code cannot be run here, and what to do.
    package init(_ sandbox: Sandbox) async throws(SandboxProblem) {
        // A folder that whoever is in the sandbox can pass, also where we are root.
        var template = Array("/var/tmp/switchboard-trial-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .notStarted(reason(errno)) }
        let parent = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { rmdir(parent) }
        chmod(parent, 0o711)
        let folder: SharedFolder
        do throws(FolderError) {
            folder = try SharedFolder(at: parent + "/1", user: sandbox.user)
        } catch {
            throw .notStarted(error.description)
        }
        defer { folder.remove() }
        let kernel = try await CodeKernel.start(in: sandbox, folder: folder)
        (python, packages) = (kernel.python, kernel.packages)
        await kernel.stop()
    }
}
