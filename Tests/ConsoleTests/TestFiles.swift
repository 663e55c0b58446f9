import Foundation
import Glibc

/// A folder of files that goes with the test.
final class TestFiles {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file here, in bytes.
    func bytes(_ name: String) -> [UInt8] { Array((path + "/" + name).utf8) }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) {
        _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data(bytes))
    }

    func makeFolder(_ name: String) {
        try? FileManager.default.createDirectory(
            atPath: path + "/" + name, withIntermediateDirectories: false)
    }

    func makePipe(_ name: String) { _ = mkfifo(path + "/" + name, 0o600) }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path + "/" + name) }
}
