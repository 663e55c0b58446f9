import FoundationEssentials

/// Reads the shared test data that lies beside the checkout.
///
/// Strangers do not have it: suites that need it are enabled by `isPresent`, and are skipped by
/// name elsewhere. Where `CI` is set, missing data is an error, never a skip.
public enum Fixture {
    /// The folder beside the checkout, or nil where there is none.
    public static let root: String? = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let real = "/" + package
        for base in [real, FileManager.default.currentDirectoryPath] {
            let candidate = base + "/../shared"
            if FileManager.default.fileExists(atPath: candidate + "/DESIGN.md") { return candidate }
        }
        return nil
    }()

    /// Whether the shared data is there, or must be.
    public static var isPresent: Bool {
        root != nil || ProcessInfo.processInfo.environment["CI"] != nil
    }

    /// The bytes of a file, by its path below the shared folder.
    public static func shared(_ path: String) throws -> [UInt8] {
        guard let root else { throw FixtureError(path: path) }
        return try [UInt8](Data(contentsOf: URL(filePath: root + "/" + path)))
    }

    /// The names in a folder, sorted. An empty folder is an error: a test needs cases.
    public static func names(in folder: String, suffix: String = "") throws -> [String] {
        guard let root else { throw FixtureError(path: folder) }
        let names = try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)
            .filter { $0.hasSuffix(suffix) }.sorted()
        if names.isEmpty { throw FixtureError(path: folder) }
        return names
    }
}

/// Shared data that a test asked for and did not find.
public struct FixtureError: Error, CustomStringConvertible {
    /// The path below the shared folder.
    public var path: String
    /// What was looked for.
    public var description: String { "The test data \(path) is not there, or empty." }
}
