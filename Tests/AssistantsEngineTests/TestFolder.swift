import FoundationEssentials

/// A folder of a test's own.
final class TestFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.path + "/saved-\(UUID().uuidString)"

    init(_ files: KeyValuePairs<String, String> = [:]) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let file = path + "/" + name
        let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// Every file in it, by its path inside.
    func everything() throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            guard let data = try? Data(contentsOf: URL(filePath: path + "/" + name)) else {
                continue
            }
            files[name] = String(decoding: data, as: UTF8.self)
        }
        return files
    }
}
