import FoundationEssentials

/// The checkout's own files, and folders for the length of one test.
enum Places {
    /// The checkout that this test was compiled from.
    static let checkout =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Runs `body` with the path of a new folder that holds these files, and removes it afterwards.
    static func withFolder<Result>(
        _ files: [String: String], _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "switchboard-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files {
            let path = folder + "/" + name
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: "/" + parent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        return try body(folder)
    }
}

/// The text of a file of the checkout.
func page(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: Places.checkout + "/" + name), encoding: .utf8)
}
