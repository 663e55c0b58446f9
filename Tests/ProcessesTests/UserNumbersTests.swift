import Testing

@testable import Processes

@Suite("The user of a sandbox of root")
struct UserNumbersTests {
    @Test(
        "is the highest that there is, and none of the system's",
        arguments: [
            ("         0          0 4294967295\n", "0 0 4294967295\n", 1_999_999_999),
            ("0 0 4294967295", "0 100000 65536", 65_535),
            ("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 65536\n", 65_536),
            ("0 0 1\n2000 5 10\n5000 9 1", "0 0 3000\n6000 0 4", 2009),
            ("0 100000 65536", "0 0 1", nil), ("0 1000 1", "0 1000 1", nil),
            ("0 0 1000", "0 0 4294967295", nil), ("0 0 1001", "0 0 1001", 1000),
            ("2000000000 0 9", "0 0 4294967295", nil), ("", "0 0 9999", nil),
            ("1 2\nx 0 5000\n0 0 0\n4294967295 0 5\n0 0 5000", "0 0 4294967295", 4999),
        ] as [(String, String, UInt32?)])
    func highest(users: String, groups: String, expected: UInt32?) {
        let found = UserNumbers.highest(
            users: UserNumbers(map: users), groups: UserNumbers(map: groups))
        #expect(found == expected)
    }

    @Test("is told by what is missing where there is none")
    func problem() {
        #expect(SandboxProblem.noUser.description.contains("/proc/self/uid_map"))
        let all = UserNumbers(file: "/proc/no-such-file")
        #expect(UserNumbers.highest(users: all, groups: all) == UserNumbers.usual)
    }
}
