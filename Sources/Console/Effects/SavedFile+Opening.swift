import Assistants
import Glibc

// Copies that are opened, and what is left of them.
extension SavedFile {
    /// How the folders of the copies begin.
    private static let folderPrefix = "switchboard-open-"
    /// Seconds after which nobody looks at a copy any more.
    private static let copyAge = 86_400
    /// Bytes within which content has to say what it is.
    private static let headLimit = 4_096

    /// Copies a file to a new private folder, to be opened; removes those of earlier days.
    ///
    /// - Parameter room: Where the folder is made.
    /// - Throws: Also when programs could run what the file holds.
    static func copyToOpen(
        _ content: FileContent, in room: String = "/tmp"
    ) async throws(APIError) -> String {
        removeOldCopies(in: room)
        var template = Array("\(room)/\(folderPrefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw APIError(status: 500, message: "There is no room in \(room).")
        }
        let folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(APIError) {
            let path = try await write(content, to: folder, shown(harmless(content.file.filename)))
            guard isActive(head(of: path)) else { return path }
            unlink(path)
            let name = content.file.filename.oneRow
            throw APIError(
                status: 400,
                message:
                    "\(name) is not opened: it holds a web page or XML, which can run scripts. "
                    + "Save it instead.")
        } catch {
            rmdir(folder)
            throw error
        }
    }

    /// Whether content begins like HTML, SVG or XML, whatever its name says.
    static func isActive(_ head: [UInt8]) -> Bool {
        // A byte order mark, in any encoding, and the empty halves of UTF-16.
        let text = head.filter { $0 != 0 }.drop { [0xEF, 0xBB, 0xBF, 0xFE, 0xFF].contains($0) }
        let rest = text.drop { $0 <= 0x20 }
        guard rest.first == UInt8(ascii: "<"), let next = rest.dropFirst().first else {
            return false
        }
        switch next {
        case UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "/"): return true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return true
        default: return false
        }
    }

    private static func head(of path: String) -> [UInt8] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: headLimit)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    // MARK: - Earlier copies

    /// Removes our own folders of copies that nobody has touched for a day.
    private static func removeOldCopies(in room: String) {
        let limit = time(nil) - copyAge
        for name in names(in: room) where name.hasPrefix(folderPrefix) {
            let folder = room + "/" + name
            guard isOld(folder, S_IFDIR, limit) else { continue }
            let paths = names(in: folder).map { folder + "/" + $0 }
            // What somebody wrote into a copy lately is theirs, and so is what we did not make.
            guard paths.allSatisfy({ isOld($0, S_IFREG, limit) }) else { continue }
            for path in paths { unlink(path) }
            rmdir(folder)
        }
    }

    /// Whether it is ours, of a kind, and was last changed before a time. Follows no links.
    private static func isOld(_ path: String, _ kind: mode_t, _ limit: Int) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == kind
            && status.st_uid == getuid() && status.st_mtim.tv_sec < limit
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
