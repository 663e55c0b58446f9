import Glibc

/// What is in a folder, for completing the name of a file.
struct FolderListing: Hashable, Sendable {
    /// One file or folder.
    struct Entry: Hashable, Sendable {
        /// The name in whatever bytes it has.
        var bytes: [UInt8]
        var isFolder: Bool
        /// The name in lower case, for finding it.
        var key: [UInt8]

        init(_ bytes: [UInt8], isFolder: Bool) {
            self.bytes = bytes
            self.isFolder = isFolder
            key = Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
        }

        /// The name as text.
        var name: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The folder, with a slash at its end.
    var path: [UInt8] = []
    /// By name.
    var entries: [Entry] = []
    /// Why it cannot be read, in a sentence.
    var problem: String?

    /// Entries that are read; the rest of a larger folder is left out.
    static let limit = 50_000

    /// Reads a folder as somebody typed it: empty for the one the program runs in, with `~` for
    /// the home folder. Blocks as long as the file system does.
    static func read(_ typed: String) -> FolderListing {
        var listing = FolderListing()
        var path = Array(typed.utf8)
        if typed.hasPrefix("~/"), let home = getenv("HOME") {
            path = Array(String(cString: home).utf8) + path.dropFirst(1)
        }
        listing.path = path
        guard !path.contains(0) else { return listing }
        let name = path.isEmpty ? Array(".".utf8) : path
        guard let folder = opendir(name.map { CChar(bitPattern: $0) } + [0]) else {
            listing.problem = "This folder cannot be read: \(String(cString: strerror(errno)))."
            return listing
        }
        defer { closedir(folder) }
        let descriptor = dirfd(folder)
        while listing.entries.count < limit, let found = readdir(folder) {
            let bytes = withUnsafeBytes(of: &found.pointee.d_name) { raw in
                Array(raw.prefix { $0 != 0 })
            }
            if bytes == [0x2E] || bytes == [0x2E, 0x2E] { continue }
            let isFolder = isFolder(bytes, type: found.pointee.d_type, in: descriptor)
            listing.entries.append(Entry(bytes, isFolder: isFolder))
        }
        listing.entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
        return listing
    }

    private static func isFolder(_ name: [UInt8], type: UInt8, in folder: Int32) -> Bool {
        switch Int(type) {
        case Int(DT_DIR): return true
        case Int(DT_LNK), Int(DT_UNKNOWN): break
        default: return false
        }
        var facts = stat()
        let terminated = name.map { CChar(bitPattern: $0) } + [0]
        return fstatat(folder, terminated, &facts, 0) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}
