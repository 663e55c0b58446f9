import FoundationEssentials
import Glibc
import Synchronization

/// A control group of a sandbox's own, where the system lets us make one: it counts memory and
/// processes of all in it together.
struct ControlGroup: Sendable {
    /// Its folders: one, or one for each counter in the first version of control groups.
    let folders: [String]

    /// The root of all control groups.
    private static let root = "/sys/fs/cgroup"
    private static let prefix = "switchboard-"
    private static let count = Mutex(0)
    /// What could not be removed in time, to be tried again.
    private static let leftovers = Mutex<[String]>([])

    /// Makes a group; nil where none can be made.
    init?(_ limits: SandboxLimits) {
        // Ours and bubblewrap's two processes are in it as well.
        let processes = limits.processes + 8
        // Files in memory count, and are limited by themselves.
        let memory = limits.memoryBytes + 2 * limits.temporaryBytes
        let name = Self.nextName()
        let own = Self.ownGroups()
        var folders: [String] = []
        if let path = own[""], Self.has(Self.root + "/cgroup.controllers") {
            let limits = [("pids.max", processes), ("memory.max", memory)]
            let places = Self.parents(of: path)
            folders += Self.make(name, in: places.map { Self.root + $0 }, limits)
            for folder in folders { _ = Self.write(0, to: folder + "/memory.swap.max") }
        } else {
            for (kind, file, value) in [
                ("pids", "pids.max", processes), ("memory", "memory.limit_in_bytes", memory),
            ] {
                let places = [own[kind] ?? "", ""].map { "\(Self.root)/\(kind)\($0)" }
                folders += Self.make(name, in: places, [(file, value)])
            }
        }
        if folders.isEmpty { return nil }
        self.folders = folders
    }

    /// The files to which a process writes its number to join.
    var doors: [String] { folders.map { $0 + "/cgroup.procs" } }

    /// Removes the group once what is in it has died; it was killed before.
    func remove() async {
        for folder in folders {
            // The kernel takes a moment to bury the dead.
            var tries = 0
            while rmdir(folder) != 0, errno == EBUSY, tries < 100 {
                tries += 1
                try? await Task.sleep(for: .milliseconds(10))
            }
            if tries == 100 { Self.leftovers.withLock { $0.append(folder) } }
        }
    }

    /// Removes what was left of ours, and of programs that died.
    private static func tidy(_ place: String) {
        leftovers.withLock { folders in folders.removeAll { rmdir($0) == 0 || errno == ENOENT } }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let process = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let process = Int32(process), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            rmdir("\(place)/\(name)")
        }
    }

    /// The groups that this process is in, by counter; by nothing in the second version.
    private static func ownGroups() -> [String: String] {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/cgroup") else {
            return [:]
        }
        var groups: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let path = parts[2] == "/" ? "" : String(parts[2])
            for kind in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[String(kind)] = path
            }
        }
        return groups
    }

    /// Where a group may be made: a group with processes of its own cannot limit groups in it, so
    /// the one around ours comes first.
    private static func parents(of path: String) -> [String] {
        var places: [String] = []
        var path = path[...]
        while let slash = path.lastIndex(of: "/") {
            path = path[..<slash]
            places.append(String(path))
        }
        return places.isEmpty ? [""] : places
    }

    /// Makes a group in the first place that takes its limits.
    private static func make(
        _ name: String, in places: [String], _ limits: [(file: String, value: Int)]
    ) -> [String] {
        for place in places {
            tidy(place)
            let folder = "\(place)/\(name)"
            guard mkdir(folder, 0o755) == 0 else { continue }
            if limits.allSatisfy({ write($0.value, to: "\(folder)/\($0.file)") }) {
                return [folder]
            }
            rmdir(folder)
        }
        return []
    }

    private static func write(_ value: Int, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array("\(value)".utf8)
        return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }

    private static func has(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func nextName() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(prefix)\(getpid())-\(number)"
    }
}
