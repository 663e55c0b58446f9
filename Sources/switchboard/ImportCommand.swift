import ArgumentParser
import Assistants
import FoundationEssentials
import Glibc
import Hosting

/// Takes in what people saved before the switch-off.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in assistants, threads, messages, runs and files that were saved.",
        discussion: """
            PATH is a file or a folder: lists, arrays or lines of objects of the Assistants API, \
            items of the Conversations API, or a ChatGPT export, zipped or not. Ids and times are \
            kept. Doing it twice changes nothing more.
            """)
    @OptionGroup var common: CommonOptions
    @Option(help: "The project it goes to.") var project = Caller.localProject
    @Flag(help: "Overwrite objects that are there already.") var overwrite = false
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Argument(help: "A file or a folder.") var path: String

    func run() async throws {
        try await withVisit(Home(common)) { visit in
            let unpacked = try Unpacked(path)
            defer { unpacked.remove() }
            var order = ImportOrder(path: unpacked.path)
            order.project = project
            order.overwrites = overwrite
            order.isDryRun = dryRun
            let report = try await visit.importSaved(order, progress: Self.show)
            Self.clearProgress()
            print(report)
        }
    }

    private func print(_ report: ImportReport) {
        var table = Table(header: ["", dryRun ? "WOULD ADD" : "ADDED", "KEPT", "REPLACED"])
        for count in report.counts {
            table.add([count.kind, "\(count.added)", "\(count.kept)", "\(count.replaced)"])
        }
        Output.content(report.counts.isEmpty ? "Nothing was found to import.\n" : table.text)
        if report.notes.isEmpty { return }
        Output.text("\nNot carried over as it was:\n")
        for note in report.notes {
            Output.content("\(note.count) × \(note.reason) (such as \(note.example))\n")
        }
    }

    private static func show(_ count: Int) {
        if isatty(STDERR_FILENO) == 1 { write("\r\(count) objects") }
    }

    private static func clearProgress() {
        if isatty(STDERR_FILENO) == 1 { write("\r\u{1B}[K") }
    }

    private static func write(_ text: String) {
        // Progress is for show: that it cannot be written is no failure.
        _ = Output.write(Array(text.utf8), to: STDERR_FILENO)
    }
}

/// What is to be imported, by its absolute path, because another process may read it: a folder or
/// file as it is, or a zip archive unpacked beside nothing else.
private struct Unpacked {
    let path: String
    private let folder: String?

    init(_ path: String) throws {
        let path =
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        guard path.lowercased().hasSuffix(".zip") else {
            (self.path, folder) = (path, nil)
            return
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Stop.failed("The archive \(path) cannot be read.")
        }
        let place =
            FileManager.default.temporaryDirectory.path + "/switchboard-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        (self.path, folder) = (place, place)
        do {
            try Self.unzip(path, to: place)
        } catch {
            remove()
            throw error
        }
    }

    func remove() {
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func unzip(_ archive: String, to folder: String) throws(Stop) {
        let arguments = ["unzip", "-qq", "-o", archive, "-d", folder]
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        // What it says holds names from the archive, which are nothing for a terminal.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "unzip", &actions, nil, &argv, environ)
        if code != 0 {
            throw .failed(
                "The archive cannot be unpacked, because unzip is not there: "
                    + "\(Output.reason(code)). Install it, or unpack the archive and import the "
                    + "folder.")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            if errno != EINTR { break }
        }
        switch (status & 0x7F, status >> 8 & 0xFF) {
        // 1 is a warning, also where a name was refused that leads elsewhere.
        case (0, 0), (0, 1): break
        // Whatever could be unpacked was.
        case (0, 2), (0, 50):
            Output.error(
                "Warning: something in \(archive) could not be unpacked; the rest is imported.")
        default: throw .failed("unzip could not unpack \(archive).")
        }
    }
}
