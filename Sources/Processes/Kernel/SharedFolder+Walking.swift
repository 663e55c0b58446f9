import Glibc

/// What a shared folder takes on its disk.
struct FolderUse: Hashable, Sendable {
    /// Bytes that its files take.
    var bytes = 0
    /// Files and folders.
    var entries = 0
    /// Whether there is more: too much to count, or in a folder that cannot be looked into.
    var isUncounted = false
    /// What is left on the disk.
    var free = 0
}

// Counts and removes what code made, however it is nested and named.
extension SharedFolder {
    /// Deeper folders are not looked into.
    private static let depthLimit = 40
    /// The most files and folders that are counted.
    private static let countLimit = 100_000

    /// Counts what is in the folder.
    func use() -> FolderUse {
        var use = FolderUse()
        admitUs()
        use.free = Self.freeBytes(descriptor) ?? 0
        Self.count(descriptor, depth: 0, into: &use)
        return use
    }

    /// The code may have taken our right to look into the folder.
    private func admitUs() { fchmod(descriptor, 0o700) }

    private static func count(_ folder: Int32, depth: Int, into use: inout FolderUse) {
        guard depth <= depthLimit, let names = names(in: folder) else {
            use.isUncounted = true
            return
        }
        for name in names {
            use.entries += 1
            if use.entries >= countLimit { use.isUncounted = true }
            if use.isUncounted { return }
            var status = stat()
            guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            use.bytes += Int(status.st_blocks) * 512
            guard status.st_mode & S_IFMT == S_IFDIR else { continue }
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if inner >= 0 {
                count(inner, depth: depth + 1, into: &use)
                close(inner)
            } else if ![ENOENT, ENOTDIR, ELOOP].contains(errno) {
                // It is still there.
                use.isUncounted = true
            }
        }
    }

    /// The files in the folder that can be named outside, by their paths from it; at most `limit`.
    func files(limit: Int = 1000) -> [String] {
        var files: [String] = []
        admitUs()
        Self.collect(descriptor, "", depth: 0, limit, into: &files)
        return files.sorted()
    }

    private static func collect(
        _ folder: Int32, _ path: String, depth: Int, _ limit: Int, into files: inout [String]
    ) {
        for name in names(in: folder) ?? [] {
            if files.count >= limit { return }
            guard
                let text = String(
                    validating: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self),
                !text.hasPrefix("."), FileName.isClean(path + text)
            else { continue }
            var status = stat()
            guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFREG { files.append(path + text) }
            guard status.st_mode & S_IFMT == S_IFDIR, depth < depthLimit else { continue }
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { continue }
            collect(inner, path + text + "/", depth: depth + 1, limit, into: &files)
            close(inner)
        }
    }

    /// Removes the folder and all in it. Nobody may be at work in it any more.
    func remove() { Self.remove(at: path) }

    /// Removes all that is in the folder. Nobody may be at work in it any more.
    func empty() {
        admitUs()
        forgetNames()
        Self.empty(descriptor)
    }

    /// Removes what earlier hosts left behind in a folder of folders.
    static func removeAll(in path: String) {
        for name in names(at: path) { remove(at: "\(path)/\(name)") }
    }

    /// The names in a folder of ours; of none where it cannot be read.
    static func names(at path: String) -> [String] {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return [] }
        defer { close(folder) }
        return (names(in: folder) ?? []).map { name in
            String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Folders are moved up before they are emptied, so that no nesting is too deep.
    private static func remove(at path: String) {
        fchmodat(AT_FDCWD, path, 0o700, AT_SYMLINK_NOFOLLOW)
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        empty(folder)
        rmdir(path)
    }

    private static func empty(_ folder: Int32) {
        var number = 0
        var goesOn = true
        while goesOn {
            goesOn = false
            for name in names(in: folder) ?? [] {
                if unlinkat(folder, name, 0) != 0 {
                    flatten(name, in: folder, &number)
                    unlinkat(folder, name, AT_REMOVEDIR)
                }
                var status = stat()
                if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 { goesOn = true }
            }
        }
    }

    /// Empties a folder in another: its files are removed, its folders moved beside it.
    static func flatten(_ name: [CChar], in parent: Int32, _ number: inout Int) {
        // The code may have taken our right to look into it; or made a link of it meanwhile.
        fchmodat(parent, name, 0o700, AT_SYMLINK_NOFOLLOW)
        let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        for inner in names(in: folder) ?? [] where unlinkat(folder, inner, 0) != 0 {
            fchmodat(folder, inner, 0o700, AT_SYMLINK_NOFOLLOW)
            repeat {
                number += 1
            } while renameat(folder, inner, parent, ".removed-\(number)") != 0
                && [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno)
        }
    }

    /// The names in a folder, as the system has them: code may give any bytes; nil when they
    /// cannot be read.
    private static func names(in folder: Int32) -> [[CChar]]? {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return nil }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while names.count < countLimit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
                }
            }
            if name != [46, 0], name != [46, 46, 0] { names.append(name) }
        }
        return names
    }
}
