import Assistants
import FoundationEssentials

/// What lies in a folder that somebody saved: files of objects, and what is in files.
struct SavedFolder {
    /// The files with objects in them, and the project each belongs to.
    private(set) var objects: [(path: String, project: String)] = []
    /// Everything else, by its name.
    private var contents: [String: String] = [:]
    /// Its names, in order.
    private var names: [String] = []

    /// Looks through a folder, or takes one file. What lies under `projects/NAME` belongs to that
    /// project, as an export writes it.
    init(_ path: String, project: String) throws(APIError) {
        guard let type = Self.type(of: path) else {
            throw APIError(
                status: 404, code: "no_such_file",
                message: "There is no file or folder \(path) that can be read.")
        }
        if type == .typeDirectory {
            walk(path, project: project, depth: 0)
            objects.sort { $0.path < $1.path }
            names = contents.keys.sorted()
        } else {
            objects = [(path, project)]
        }
    }

    private static func type(of path: String) -> FileAttributeType? {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return facts?[.type] as? FileAttributeType
    }

    private mutating func walk(_ folder: String, project: String, depth: Int) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder + "/" + name
            // What a link points to lies elsewhere, and is nothing of the folder's.
            switch Self.type(of: path) {
            case .typeDirectory?:
                let isProject = depth == 1 && folder.hasSuffix("/projects")
                if depth < 16 { walk(path, project: isProject ? name : project, depth: depth + 1) }
            case .typeRegular?:
                let isContent =
                    folder.hasSuffix("/files") && depth > 0 || Self.isNamedAfterFile(name)
                if !isContent, ["json", "jsonl", "ndjson"].contains(Self.ending(of: name)) {
                    objects.append((path, project))
                } else {
                    contents[name] = path
                }
            default: break
            }
        }
    }

    /// A file as ChatGPT's export names it: by its id and its name.
    private static func isNamedAfterFile(_ name: String) -> Bool {
        (name.hasPrefix("file-") || name.hasPrefix("file_")) && name.dropFirst(5).contains("-")
    }

    /// Where the bytes of a file are: under its id, alone or with its name or an ending behind it,
    /// or under its name.
    func content(of file: File) -> String? {
        if let path = contents[file.id] ?? contents[Self.name(for: file)] { return path }
        let ending = Self.ending(of: file.filename)
        if !ending.isEmpty, let path = contents[file.id + "." + ending] { return path }
        for beginning in [file.id + "-", file.id + "."] {
            if let path = content(namedFrom: beginning) { return path }
        }
        return contents[file.filename]
    }

    private func content(namedFrom beginning: String) -> String? {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < beginning { low = middle + 1 } else { high = middle }
        }
        guard low < names.count, names[low].hasPrefix(beginning) else { return nil }
        return contents[names[low]]
    }

    /// A name for a file or a folder that stands for an id, whatever the id is.
    static func name(for id: String) -> String {
        var name: [UInt8] = []
        for byte in id.utf8 {
            let isPlain =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            if isPlain {
                name.append(byte)
            } else {
                name += Array(
                    "%\(String(byte >> 4, radix: 16))\(String(byte & 15, radix: 16))".utf8)
            }
        }
        return String(decoding: name.prefix(240), as: UTF8.self)
    }

    /// A name for what is in a file: its id, and the ending of its own name where that is plain.
    static func name(for file: File) -> String {
        let ending = ending(of: file.filename)
        let isPlain = !ending.isEmpty && ending.utf8.count <= 10 && name(for: ending) == ending
        return name(for: file.id) + (isPlain ? "." + ending : "")
    }

    /// A file's name without its folder and ending.
    static func stem(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }

    private static func ending(of name: String) -> String {
        name.lastIndex(of: ".").map { String(name[$0...].dropFirst()).lowercased() } ?? ""
    }
}
