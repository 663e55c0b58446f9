/// Why there is no sandbox here, and what to do.
package enum SandboxProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Programs are not there; the Debian packages that have them.
    case missing(programs: [String], packages: [String])
    /// The filter of system calls knows no such processor.
    case unknownProcessor
    /// We are root, and have no numbers for users who are not.
    case noUser
    /// The system does not let ordinary users make namespaces.
    case namespacesForbidden
    /// The system has no filters of system calls.
    case filterForbidden
    /// bubblewrap knows less than is needed.
    case bubblewrapTooOld
    /// It did not start, for a reason that nobody foresaw; what was said.
    case notStarted(String)

    /// What the matter is and what helps, in sentences.
    package var description: String {
        switch self {
        case .missing(let programs, let packages):
            "There is no \(programs.joined(separator: ", no ")) here, which the sandbox needs. "
                + "On Debian and Ubuntu: apt-get install \(packages.joined(separator: " "))"
        case .unknownProcessor:
            "The sandbox knows x86-64 and 64-bit ARM processors, and this is neither."
        case .noUser:
            "The sandbox must not run as root, and there is nobody else here: "
                + "/proc/self/uid_map and gid_map have no number from 1000 on in common. Give the "
                + "container more numbers, or start the program as an ordinary user."
        case .namespacesForbidden:
            "The system forbids the namespaces that the sandbox is made of. Where "
                + "`sysctl kernel.unprivileged_userns_clone` or `sysctl user.max_user_namespaces` "
                + "says 0, set it; on Ubuntu, give bwrap an AppArmor profile that allows userns; "
                + "in a container, allow it user namespaces."
        case .filterForbidden:
            "The system has no filters of system calls (seccomp), which the sandbox needs: its "
                + "kernel was built without them, or a container forbids them."
        case .bubblewrapTooOld:
            "The bubblewrap here is too old: the sandbox needs version 0.8 or later."
        case .notStarted(let said):
            "The sandbox did not start\(said.isEmpty ? "." : ": \(said)")"
        }
    }

    /// Recognises what bubblewrap and Python say when they cannot start.
    init(said: String) {
        let forbidden = [
            "No permissions to creat", "Creating new namespace failed", "setting up uid map",
            "user namespaces", "Failed to make / slave", "RTM_NEWADDR", "mount proc",
        ]
        if said.contains("Unknown option") {
            self = .bubblewrapTooOld
        } else if said.lowercased().contains("seccomp") {
            self = .filterForbidden
        } else if forbidden.contains(where: said.contains) {
            self = .namespacesForbidden
        } else {
            let line = said.split(separator: "\n").last.map(String.init) ?? ""
            self = .notStarted(String(line.filter { !$0.isControl }.prefix(300)))
        }
    }
}

extension Character {
    /// Whether it begins with a control character.
    fileprivate var isControl: Bool {
        unicodeScalars.first?.properties.generalCategory == .control
    }
}
