package import Assistants
import FoundationEssentials
import GRDB

extension Engine {
    /// Copies the store to a file while it is in use, checks the copy, and puts what is in the
    /// files beside it, in a folder named like the copy with `.files` at its end.
    ///
    /// - Throws: `APIError` when the copy is there already, cannot be written, or is not whole.
    package func backUp(to path: String) async throws(APIError) {
        if FileManager.default.fileExists(atPath: path) {
            throw APIError.invalid("\(path) is there already. Choose another name.")
        }
        let temporary = path + ".part"
        try? FileManager.default.removeItem(atPath: temporary)
        do {
            let names = try await store.copy(to: temporary)
            let folder = path + ".files"
            if !names.isEmpty { try ExportFile.makeFolder(folder) }
            for name in names {
                let target = folder + "/" + name
                if FileManager.default.fileExists(atPath: target) { continue }
                try FileManager.default.copyItem(atPath: files.path(of: name), toPath: target)
            }
            try FileManager.default.moveItem(atPath: temporary, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw (error as? APIError)
                ?? APIError(
                    status: 500, code: "backup_failed",
                    message: "The store could not be copied to \(path): \(error)")
        }
    }
}
