import ArgumentParser
import Assistants
import AssistantsEngine
import Glibc
import Hosting
import Wire

/// The files that were uploaded, and those that tools made.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "List, show, add, get and delete files.",
        subcommands: [List.self, Show.self, Add.self, Get.self, Delete.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the files, newest first.")
        @OptionGroup var common: CommonOptions
        @Option(help: "Only those of a purpose, such as assistants_output.") var purpose: String?

        func run() async throws {
            try await withReader(Home(common)) { engine in
                var table = Table(header: ["ID", "MADE", "BYTES", "PURPOSE", "NAME"])
                var page = PageRequest(limit: 1000)
                while true {
                    let next = try await engine.files(page, purpose: purpose, for: .trusted)
                    for file in next.data {
                        table.add([
                            file.id, file.createdAt.isoTime, "\(file.byteCount)", file.purpose,
                            file.filename,
                        ])
                    }
                    guard next.hasMore, let last = next.data.last else { break }
                    page.after = last.id
                }
                Output.text(table.text)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a file's object as JSON.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The file's id.") var file: String

        func run() async throws {
            try await withReader(Home(common)) { engine in
                Output.json(try await engine.file(file, for: .trusted).json, isPretty: true)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a file; prints its id.")
        @OptionGroup var common: CommonOptions
        @Option(help: "What it is for: assistants, vision or user_data.") var purpose = "assistants"
        @Argument(help: "Where it is.") var path: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                let name = path.split(separator: "/").last.map(String.init) ?? path
                let upload = FileUpload(path: path, filename: name, purpose: purpose)
                let file = try await visit.service.createFile(upload, for: .trusted)
                Output.text(file.id + "\n")
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Save a file's content; prints where.")
        @OptionGroup var common: CommonOptions
        @Option(
            help: ArgumentHelp(
                "Where to: a new file; - is standard output. Without it, the file's own name here.",
                valueName: "path"))
        var out: String?
        @Argument(help: "The file's id.") var file: String

        func run() async throws {
            try await withReader(Home(common)) { engine in
                let content = try await engine.fileContent(file, for: .trusted)
                guard out != "-" else {
                    for try await piece in content { Output.bytes(piece) }
                    return
                }
                let path = out ?? content.file.harmlessName
                let target = try NewFile(path)
                for try await piece in content { try target.write(piece) }
                Output.content(path + "\n")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a file for good.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The file's id.") var file: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                try await visit.service.deleteFile(file, for: .trusted)
                Output.content("deleted \(file)\n")
            }
        }
    }
}

extension File {
    /// The file's name as one that can only be a new file here: others chose it.
    fileprivate var harmlessName: String {
        var name = String.UnicodeScalarView()
        for scalar in filename.unicodeScalars {
            let isPlain =
                switch scalar.properties.generalCategory {
                case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
                    .paragraphSeparator:
                    false
                default: scalar != "/" && scalar != "\\"
                }
            name.append(isPlain ? scalar : "_")
        }
        let text = String(String(name).prefix(100))
        // Nothing hidden, and nothing that looks like an option.
        return text.isEmpty || text.hasPrefix(".") || text.hasPrefix("-") ? "file-\(text)" : text
    }
}

/// A file that is written anew, and never over another.
private struct NewFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(Stop) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        if descriptor < 0 {
            let advice = errno == EEXIST ? " Name another with --out." : ""
            throw Stop.failed(
                "\(path) could not be written: \(Output.reason(errno)).\(advice)")
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(Stop) {
        let code = Output.write(bytes, to: descriptor)
        if code != 0 {
            throw Stop.failed("\(path) could not be written: \(Output.reason(code)).")
        }
    }
}
