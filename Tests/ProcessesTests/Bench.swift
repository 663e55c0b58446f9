import FoundationEssentials
import Glibc
import TestSupport

@testable import Processes

extension SandboxPresence {
    /// A new folder of folders that whoever is in the sandbox can pass.
    static func temporaryFolder() throws -> String {
        var template = Array("/tmp/switchboard-sandbox-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FolderError.failed("made", code: errno) }
        let path = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        chmod(path, 0o711)
        return path
    }
}

/// What was heard of a cell.
struct Heard: Equatable {
    var text = ""
    var sources: Set<CellEvent.Source> = []
    var pieces = 0
    var images: [[UInt8]] = []
    var files: [String] = []
    var isCut = false
    var ending: CellEnding?

    mutating func take(_ event: CellEvent) {
        switch event {
        case .text(let more, let source):
            text += more
            pieces += 1
            sources.insert(source)
        case .renewed: break
        case .cut: isCut = true
        case .image(let bytes): images.append(bytes)
        case .file(let name): files.append(name)
        case .ended(let ending): self.ending = ending
        }
    }
}

/// A kernel in a folder of its own, which both go after the test.
struct Bench {
    let sandbox: Sandbox
    let clock: StillClock
    let parent: String
    private(set) var kernel: CodeKernel

    init(_ change: (inout SandboxLimits) -> Void = { _ in }) async throws {
        var limits = SandboxLimits()
        change(&limits)
        sandbox = try Sandbox(limits)
        clock = StillClock()
        parent = try SandboxPresence.temporaryFolder()
        let folder = try SharedFolder(at: parent + "/1", user: sandbox.user)
        kernel = try await CodeKernel.start(in: sandbox, folder: folder, clock: clock)
    }

    /// Runs a test's body with a bench, and takes it away after.
    static func with(
        _ change: (inout SandboxLimits) -> Void = { _ in },
        _ body: (inout Bench) async throws -> Void
    ) async throws {
        var bench = try await Bench(change)
        do {
            try await body(&bench)
            await bench.takeAway()
        } catch {
            await bench.takeAway()
            throw error
        }
    }

    private func takeAway() async {
        await kernel.stop()
        kernel.folder.remove()
        rmdir(parent)
    }

    /// Starts a new kernel on the same folder, after one that died.
    mutating func restart() async throws {
        await kernel.stop()
        kernel = try await CodeKernel.start(in: sandbox, folder: kernel.folder, clock: clock)
    }

    /// Runs a cell to its end.
    func run(_ code: String) async throws -> Heard {
        var heard = Heard()
        for await event in try await kernel.run(code) { heard.take(event) }
        return heard
    }

    /// Runs a cell to its end; does something once, when it has printed `go`.
    func run(_ code: String, whenItGoes act: () async throws -> Void) async throws -> Heard {
        var heard = Heard()
        for await event in try await kernel.run(code) {
            let hadGone = heard.text.contains("go\n")
            heard.take(event)
            if !hadGone, heard.text.contains("go\n") { try await act() }
        }
        return heard
    }

    /// The processes that have the folder as `/mnt/data`.
    var processes: [String] {
        // Their mounts tell the path from the root of its own file system.
        let name = parent.split(separator: "/").last ?? ""
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { process in
            guard Int(process) != nil else { return false }
            return Self.text(of: "/proc/\(process)/mountinfo").contains("/\(name)/1 /mnt/data")
        }
    }

    /// A file of the kernel's, which may give a page at a time.
    private static func text(of path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// Whether every process of the sandbox comes to stand still.
    func standsStill() async -> Bool {
        for _ in 0..<300 {
            let states = processes.map { process in
                let bytes = FileManager.default.contents(atPath: "/proc/\(process)/stat") ?? Data()
                // The name before it may be anything, also this.
                return String(decoding: bytes, as: UTF8.self).split(separator: ") ").last?.first
            }
            if !states.isEmpty, states.allSatisfy({ $0 == "T" }) { return true }
            await Task.yield()
        }
        return false
    }
}
