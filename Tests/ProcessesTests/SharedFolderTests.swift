import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Wire

@testable import Processes

@Suite("The name of a file")
struct FileNameTests {
    @Test(
        "loses what leads elsewhere or cannot be seen",
        arguments: [
            ("data.csv", "data.csv"), ("Grüße 🌍.txt", "Grüße 🌍.txt"),
            ("../../etc/passwd", "passwd"),
            (#"C:\Users\a\b.txt"#, "b.txt"), ("..", "file"), (".", "file"), ("", "file"),
            ("/", "file"), ("...", "file"), (" ", "file"), (" a b ", "a b"), (".hidden", ".hidden"),
            ("a\0b\n\u{1B}[2Jc", "a_b__[2Jc"), ("exe\u{202E}gpj.png", "exe_gpj.png"),
            ("a\u{200B}b\u{FEFF}", "a_b_"), ("-rf", "-rf"),
        ])
    func safe(name: String, expected: String) {
        #expect(FileName.safe(name) == expected)
        #expect(FileName.isClean(expected))
    }

    @Test("is shortened before its ending")
    func long() {
        let name = FileName.safe(String(repeating: "ä", count: 300) + ".csv")
        #expect(name == String(repeating: "ä", count: 98) + ".csv")
        #expect(FileName.safe("a." + String(repeating: "b", count: 300)).utf8.count == 200)
    }

    @Test("is harmless, whatever it was", .enabled(if: Fixture.isPresent))
    func hostile() throws {
        let suite = try JSONValue(
            parsing: Fixture.shared("suites/malicious/files/filenames.json"))
        let names = suite["cases"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        try #require(names.count > 10)
        for name in names {
            let safe = FileName.safe(name)
            #expect(FileName.isClean(safe) && !safe.contains("/") && safe.utf8.count <= 200)
        }
    }
}

@Suite("A shared folder")
struct SharedFolderTests {
    private static func with(_ body: (SharedFolder, String) async throws -> Void) async throws {
        let parent = try SandboxPresence.temporaryFolder()
        let folder = try SharedFolder(at: parent + "/1", user: nil)
        defer {
            folder.remove()
            #expect(rmdir(parent) == 0)
        }
        try await body(folder, parent)
    }

    private static func read(
        _ path: String, in folder: SharedFolder, limit: Int
    ) throws -> [UInt8] {
        try folder.contents(of: path, limit: limit)
    }

    private static func make(at path: String) throws { _ = try SharedFolder(at: path, user: nil) }

    @Test("takes files in under names of their own, and each once")
    func put() async throws {
        try await Self.with { (folder, _) async throws in
            func put(_ key: String, _ name: String, _ text: String) async throws -> String {
                var rest: [UInt8]? = Array(text.utf8)
                return try await folder.put(key, named: name) {
                    defer { rest = nil }
                    return rest
                }
            }
            #expect(try await put("1", "a.csv", "one") == "a.csv")
            #expect(try await put("2", "x/a.csv", "two") == "a-2.csv")
            #expect(try await put("1", "a.csv", "other") == "a.csv")
            // What is there already is never written through.
            symlink("/tmp/elsewhere", folder.path + "/link")
            #expect(try await put("3", "link", "three") == "link-2")
            #expect(try Self.read("a.csv", in: folder, limit: 3) == Array("one".utf8))
            #expect(try Self.read("link-2", in: folder, limit: 5) == Array("three".utf8))
            #expect(access("/tmp/elsewhere", F_OK) != 0)
        }
    }

    @Test("keeps nothing of a file that did not come to its end")
    func failedPut() async throws {
        try await Self.with { (folder, _) async throws in
            await #expect(throws: CancellationError.self) {
                try await folder.put("1", named: "a") { throw CancellationError() }
            }
            #expect(throws: FolderError.failed("read", code: ENOENT)) {
                try Self.read("a", in: folder, limit: 1)
            }
        }
    }

    @Test("gives out plain files only, and no more than was asked for")
    func contents() async throws {
        try await Self.with { (folder, parent) async throws in
            mkdir(folder.path + "/deep", 0o700)
            let file = open(folder.path + "/deep/a", O_WRONLY | O_CREAT, 0o600)
            write(file, "12345", 5)
            close(file)
            symlink("/etc/passwd", folder.path + "/link")
            symlink("deep", folder.path + "/shortcut")
            symlink(parent, folder.path + "/out")
            mkfifo(folder.path + "/pipe", 0o600)
            #expect(try Self.read("deep/a", in: folder, limit: 5) == Array("12345".utf8))
            #expect(throws: FolderError.tooLarge(4)) {
                try Self.read("deep/a", in: folder, limit: 4)
            }
            #expect(throws: FolderError.notAFile) { try Self.read("deep", in: folder, limit: 9) }
            #expect(throws: FolderError.notAFile) { try Self.read("pipe", in: folder, limit: 9) }
            for path in ["link", "shortcut/a", "out/1/deep/a"] {
                #expect(throws: FolderError.self, "\(path)") {
                    try Self.read(path, in: folder, limit: 1 << 20)
                }
            }
            for path in ["../1/deep/a", "/etc/passwd", "deep//a", "./deep/a", "", "deep/../link"] {
                #expect(throws: FolderError.unfitName) {
                    try Self.read(path, in: folder, limit: 1 << 20)
                }
            }
        }
    }

    @Test("gives out what begins as it should, and reads no more of the rest")
    func beginning() async throws {
        try await Self.with { (folder, _) async throws in
            let file = open(folder.path + "/a", O_WRONLY | O_CREAT, 0o600)
            write(file, "12345", 5)
            close(file)
            func read(_ beginning: String) throws -> [UInt8] {
                try folder.contents(of: "a", limit: 5, beginning: Array(beginning.utf8))
            }
            #expect(try read("123") == Array("12345".utf8))
            #expect(throws: FolderError.unexpected) { try read("124") }
            #expect(throws: FolderError.unexpected) { try read("123456") }
        }
    }

    @Test("leaves the rights of what a link leads to")
    func links() async throws {
        try await Self.with { (folder, parent) async throws in
            close(open(parent + "/outside", O_WRONLY | O_CREAT, 0o600))
            defer { unlink(parent + "/outside") }
            symlink("../outside", folder.path + "/link")
            let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            // As when the code makes a link of a folder while it is removed.
            var number = 0
            SharedFolder.flatten(Array("link".utf8CString), in: descriptor, &number)
            var status = stat()
            #expect(stat(parent + "/outside", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("is copied from with its holes, and while there is room")
    func copy() async throws {
        try await Self.with { (folder, parent) async throws in
            let target = parent + "/copy"
            func copy(keeping: Int) throws {
                try folder.copy("a", to: target, limit: 8 << 20, keeping: keeping)
            }
            let file = open(folder.path + "/a", O_RDWR | O_CREAT, 0o600)
            ftruncate(file, 4 << 20)
            pwrite(file, "12345", 5, 1 << 20)
            close(file)
            defer { unlink(target) }
            try copy(keeping: 1)
            var status = stat()
            #expect(stat(target, &status) == 0 && status.st_size == 4 << 20)
            #expect(status.st_blocks * 512 < 1 << 20)
            let bytes = FileManager.default.contents(atPath: target)
            #expect(bytes == FileManager.default.contents(atPath: folder.path + "/a"))
            unlink(target)
            #expect(throws: FolderError.diskFull) { try copy(keeping: Int.max / 2) }
            #expect(access(target, F_OK) != 0)
        }
    }

    @Test("is counted, whatever rights it has, without following links")
    func use() async throws {
        try await Self.with { (folder, _) async throws in
            symlink("/usr", folder.path + "/usr")
            mkdir(folder.path + "/a", 0o700)
            let file = open(folder.path + "/a/b", O_WRONLY | O_CREAT, 0o600)
            write(file, [UInt8](repeating: 1, count: 100_000), 100_000)
            fsync(file)
            close(file)
            // The code may take our right to look into it, if we are no root.
            chmod(folder.path, 0o300)
            let use = folder.use()
            var status = stat()
            #expect(stat(folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
            #expect(use.entries == 3 && use.bytes >= 100_000 && use.bytes < 200_000)
            #expect(use.free > 0 && !use.isUncounted)
        }
    }

    @Test("is removed whatever was made of it")
    func remove() async throws {
        try await Self.with { (folder, _) async throws in
            // Deeper than a path can be long and than descriptors reach.
            var place = open(folder.path, O_RDONLY | O_DIRECTORY)
            for _ in 0..<3000 {
                mkdirat(place, "deeper", 0o700)
                let next = openat(place, "deeper", O_RDONLY | O_DIRECTORY)
                close(place)
                place = next
            }
            mkdirat(place, ".removed-7", 0o700)
            close(place)
            #expect(folder.use().isUncounted)
            symlink("/usr", folder.path + "/usr")
            for name: [CChar] in [[-1, 10, 0], [27, 91, 0], [45, 0]] {
                mkdir(folder.path + "/inner", 0o700)
                rename(folder.path + "/inner", folder.path + "/" + "x\(name.count)")
                let top = open(folder.path, O_RDONLY | O_DIRECTORY)
                mkdirat(top, name, 0)
                close(top)
            }
            chmod(folder.path, 0o300)
            folder.remove()
            #expect(access(folder.path, F_OK) != 0 && access("/usr/bin", F_OK) == 0)
        }
    }

    @Test("tells the files that can be named outside")
    func files() async throws {
        try await Self.with { (folder, _) async throws in
            for name in ["a", ".hidden", "b\u{1B}[2J", "deep/c", "deep/.d", "e\u{202E}f"] {
                if name.hasPrefix("deep") { mkdir(folder.path + "/deep", 0o700) }
                close(open(folder.path + "/" + name, O_WRONLY | O_CREAT, 0o600))
            }
            symlink("a", folder.path + "/link")
            mkfifo(folder.path + "/pipe", 0o600)
            #expect(folder.files() == ["a", "deep/c"])
            #expect(folder.files(limit: 1).count == 1)
        }
    }

    @Test("must not be there before")
    func exists() async throws {
        try await Self.with { (folder, _) async throws in
            #expect(throws: FolderError.failed("made", code: EEXIST)) {
                try Self.make(at: folder.path)
            }
        }
    }

    @Test("counts as too full only when the code that runs filled it")
    func verdict() {
        let limits = SandboxLimits()
        let free = 10 * limits.freeDiskBytes
        let empty = FolderUse(bytes: 0, entries: 0, free: free)
        let full = FolderUse(bytes: limits.folderBytes + 1, entries: 1, free: free)
        let crowded = FolderUse(bytes: 0, entries: limits.folderEntries + 1, free: free)
        let tight = FolderUse(bytes: 0, entries: 0, free: limits.freeDiskBytes - 1)
        func verdict(_ now: FolderUse, _ before: FolderUse) -> CellStop? {
            CodeKernel.verdict(on: now, before: before, limits)
        }
        #expect(verdict(empty, empty) == nil)
        #expect(verdict(full, empty) == .folderLimit && verdict(full, full) == nil)
        let fuller = FolderUse(bytes: limits.folderBytes + 2, entries: 1, free: free)
        #expect(verdict(fuller, full) == .folderLimit && verdict(full, fuller) == nil)
        let hidden = FolderUse(bytes: 0, entries: 1, isUncounted: true, free: free)
        #expect(verdict(hidden, empty) == .folderLimit && verdict(hidden, hidden) == .folderLimit)
        #expect(verdict(crowded, empty) == .folderLimit && verdict(crowded, crowded) == nil)
        #expect(verdict(tight, empty) == .diskFull && verdict(tight, tight) == nil)
        let large = FolderUse(bytes: 0, entries: 0, free: 100 * limits.folderBytes)
        let halved = FolderUse(bytes: 0, entries: 0, free: 49 * limits.folderBytes)
        #expect(verdict(halved, large) == .diskFull && verdict(halved, halved) == nil)
    }
}
