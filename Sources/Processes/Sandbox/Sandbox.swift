import CLinux
import Glibc

/// A jail for programs that do what strangers wrote: bubblewrap around them, a filter of system
/// calls, limits for each process and, where there can be one, a control group.
///
/// Inside there is no network, no process but its own, nothing of the host but the programs below
/// `/usr`, nothing to write to but `/tmp`, `/dev/shm` and `/mnt/data`, and no right of any kind.
/// The Linux kernel is shared with the host. There is no way to run anything without the jail.
package struct Sandbox: Sendable {
    /// How much it may use.
    package var limits: SandboxLimits
    /// The user of the host that is in it where we are root, who must not be; see
    /// `UserNumbers`.
    package let user: UInt32?

    private let shell: String
    private let bubblewrap: String
    private let processor: Processor

    /// The Python that runs in it. One that is not below `/usr` cannot be seen there.
    package static let python = "/usr/bin/python3"
    private static let limiter = "/usr/bin/prlimit"
    /// What of `/etc` programs need to find their libraries, fonts and the time.
    private static let settings = [
        "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
        "/etc/matplotlibrc", "/etc/mime.types",
    ]
    /// What of `/proc` tells of the machine and not of the sandbox, and no program needs.
    private static let ofTheHost = [
        "cmdline", "partitions", "diskstats", "swaps", "keys", "key-users", "timer_list",
        "sched_debug", "kallsyms", "kcore", "modules",
    ].map { "/proc/" + $0 }

    /// Finds what a sandbox needs.
    /// - Parameters:
    ///   - program: what is to run in it, by its path below `/usr`.
    ///   - package: the Debian package that has that program.
    /// - Throws: what is missing. Whether the system allows it shows when one is started.
    package init(
        _ limits: SandboxLimits = SandboxLimits(), program: String = Sandbox.python,
        package: String = "python3"
    ) throws(SandboxProblem) {
        guard let processor = Processor.current else { throw .unknownProcessor }
        self.processor = processor
        self.limits = limits
        user = try geteuid() == 0 ? Self.nobody() : nil
        let paths = try Self.paths(with: (program, package), asRoot: user != nil)
        (bubblewrap, shell) = (paths[0], paths[1])
    }

    /// Where the programs are that a sandbox needs: bubblewrap, a shell, others, and the one
    /// that runs in it.
    private static func paths(
        with program: (String, package: String), asRoot: Bool
    ) throws(SandboxProblem) -> [String] {
        var needed = [
            ("bwrap", "bubblewrap"), ("sh", "dash"), (limiter, "util-linux"), program,
            ("nice", "coreutils"),
        ]
        if asRoot { needed.append(("setpriv", "util-linux")) }
        let missing = needed.filter { Launch.path(of: $0.0) == nil }
        var packages: [String] = []
        for (_, package) in missing where !packages.contains(package) { packages.append(package) }
        if !missing.isEmpty { throw .missing(programs: missing.map(\.0), packages: packages) }
        return needed.compactMap { Launch.path(of: $0.0) }
    }

    private static func nobody() throws(SandboxProblem) -> UInt32 {
        let users = UserNumbers(file: "/proc/self/uid_map")
        let groups = UserNumbers(file: "/proc/self/gid_map")
        guard let number = UserNumbers.highest(users: users, groups: groups) else { throw .noUser }
        return number
    }

    /// Starts a program in a sandbox with pipes to it.
    ///
    /// - Parameters:
    ///   - program: with its path inside and its arguments.
    ///   - folder: what `/mnt/data` is; nil for an empty folder that cannot be written.
    ///   - files: what is put into the sandbox, by its path there.
    ///   - environment: beside `PATH`, `HOME` and `LANG`, which are all that there is.
    func start(
        _ program: [String], folder: String?, files: [String: [UInt8]] = [:],
        environment: [String: String] = [:]
    ) async throws(SandboxProblem) -> SandboxedProcess {
        let contents = files.sorted { $0.key < $1.key }
        var arguments = jail(folder) + ["--seccomp", "4"]
        for (number, file) in contents.enumerated() {
            arguments += ["--ro-bind-data", "\(5 + number)", file.key]
        }
        // Only now: what was put there needed a root that can be written.
        arguments += ["--remount-ro", "/", "--chdir", "/mnt/data"]
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            arguments += ["--setenv", name, value]
        }
        // By a file: the command line of its first process can be read inside.
        let words = arguments.flatMap { (word: String) -> [UInt8] in Array(word.utf8) + [0] }
        let filter = SystemCallFilter(for: processor).bytes
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for bytes in [words, filter] + contents.map(\.value) {
            descriptors.append(try Self.memoryFile(bytes))
        }
        let group = ControlGroup(limits)
        var launch = Launch(door(group) + [bubblewrap, "--args", "3", "--"] + limiting + program)
        launch.environment = ["PATH": "/usr/bin:/bin"]
        launch.descriptors = descriptors
        let started = await LastingThread.shared.run { [launch] in
            Result { () throws(ProcessError) in try ChildProcess(launch) }
        }
        switch started {
        case .success(let child): return SandboxedProcess(child, group)
        case .failure(let error):
            await group?.remove()
            throw .notStarted(error.description)
        }
    }

    /// What comes before bubblewrap: a shell that joins the control groups and becomes a program
    /// that is nobody, has no right to hurry, and minds neither the signal that stops the code nor
    /// the one that programs send to the group that they think is theirs.
    private func door(_ group: ControlGroup?) -> [String] {
        let script = """
            trap '' INT TERM
            while [ "$1" != -- ]; do echo $$ >"$1" || exit 125; shift; done
            shift
            exec "$@"
            """
        let name = user.map { user in
            ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
        }
        return [shell, "-c", script, "sandbox"] + (group?.doors ?? []) + ["--"] + (name ?? [])
            + ["nice", "-n", "10"]
    }

    private func jail(_ folder: String?) -> [String] {
        var arguments = [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net",
            "--unshare-uts", "--unshare-cgroup-try", "--uid", "1000", "--gid", "1000",
            "--hostname", "sandbox", "--disable-userns", "--die-with-parent", "--cap-drop", "ALL",
            "--clearenv", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin",
            "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink",
            "usr/sbin", "/sbin", "--dir", "/etc",
        ]
        for path in Self.settings { arguments += ["--ro-bind-try", path, path] }
        let size = "\(limits.temporaryBytes)"
        arguments += [
            "--proc", "/proc",
        ]
        for path in Self.ofTheHost where access(path, F_OK) == 0 {
            arguments += ["--ro-bind", "/dev/null", path]
        }
        arguments += [
            "--remount-ro", "/proc", "--dev", "/dev", "--perms", "1777",
            "--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", "--perms", "1777",
            "--size", size, "--tmpfs", "/tmp",
        ]
        arguments += folder.map { ["--bind", $0, "/mnt/data"] } ?? ["--dir", "/mnt/data"]
        for (name, value) in [("PATH", "/usr/bin:/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8")] {
            arguments += ["--setenv", name, value]
        }
        return arguments
    }

    /// The program that sets the limits of a process. It does so inside, where the number of
    /// processes counts those of the sandbox only.
    var limiting: [String] {
        [
            Self.limiter, "--nproc=\(limits.processes)", "--as=\(limits.memoryBytes)",
            // The second number kills without saying why.
            "--cpu=\(limits.processorSeconds):\(limits.processorSeconds + 1)",
            "--fsize=\(limits.fileBytes)",
            "--nofile=\(limits.openFiles)", "--core=0",
            // These two count together what all processes of a user have.
            "--sigpending=256", "--memlock=0",
            // Whoever started us may have been given the right to hurry.
            "--rtprio=0", "--nice=0",
        ]
    }

    private static func memoryFile(_ bytes: [UInt8]) throws(SandboxProblem) -> Int32 {
        let descriptor = system_memory_file("sandbox")
        guard descriptor >= 0 else { throw .notStarted(reason(errno)) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                throw .notStarted(reason(code))
            }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }
}
