import FoundationEssentials

/// Which numbers of users and groups there are here, as a container may have few.
struct UserNumbers: Sendable {
    /// The one to be where we are root: it owns nothing, and systemd's list of user numbers leaves
    /// it to nobody.
    static let usual: UInt32 = 1_999_999_999
    /// Lower ones belong to the system.
    static let lowest: UInt32 = 1000

    private let ranges: [ClosedRange<UInt32>]

    /// Reads `/proc/self/uid_map` or `gid_map`, as in user_namespaces(7): the first number here,
    /// the first outside, and how many.
    init(map: String) {
        ranges = map.split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard numbers.count == 3, numbers[2] > 0 else { return nil }
            let (last, isTooHigh) = numbers[0].addingReportingOverflow(numbers[2] - 1)
            return numbers[0]...(isTooHigh ? .max : last)
        }
    }

    /// Those of this process; all, where the system has no namespaces of users.
    init(file: String) {
        let bytes = FileManager.default.contents(atPath: file)
        self.init(map: bytes.map { String(decoding: $0, as: UTF8.self) } ?? "0 0 \(UInt32.max)")
    }

    /// The highest number, up to the usual one, that a user and a group both have; nil when there
    /// is none that is not the system's.
    static func highest(users: UserNumbers, groups: UserNumbers) -> UInt32? {
        let shared = users.ranges.flatMap { user in
            groups.ranges.filter(user.overlaps).map { user.clamped(to: $0) }
        }
        let fit = shared.filter { $0.lowerBound <= usual && $0.upperBound >= lowest }
        return fit.map { min($0.upperBound, usual) }.max()
    }
}
