import FoundationEssentials

/// What code needs to run in a sandbox.
///
/// Suites that need it are enabled by `isPresent`, and are skipped by name where it is not
/// installed. Where `CI` is set, what is missing is an error, never a skip.
public enum SandboxPresence {
    /// Whether everything is there, or must be.
    public static var isPresent: Bool {
        ["/usr/bin/bwrap", "/usr/bin/python3"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        } || ProcessInfo.processInfo.environment["CI"] != nil
    }
}
