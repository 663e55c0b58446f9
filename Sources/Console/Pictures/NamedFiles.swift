import Assistants
import Wire

/// The files that something names, each once, as far as they are shown.
struct NamedFiles: Sendable {
    /// One file.
    struct Entry: Hashable, Sendable {
        var id: File.ID
        /// What it is called where nothing better is known.
        var name: String?
        /// Whether it is a picture among the parts of a message.
        var isPart = false
    }

    /// Files that are ever listed of one message.
    static let limit = 200

    private(set) var entries: [Entry] = []
    /// How many files there are beyond those.
    private(set) var more = 0

    /// No files.
    init() {}

    /// Pictures, which have no names.
    init(pictures: [File.ID]) {
        var seen: Set<File.ID> = []
        for id in pictures { add(id, to: &seen) }
    }

    /// The files of a message: pictures, files that its text links, attachments.
    init(_ message: Message) {
        var seen: Set<File.ID> = []
        for part in message.content {
            switch part {
            case .imageFile(let id, _): add(id, isPart: true, to: &seen)
            case .text(let text):
                for annotation in text.annotations {
                    guard case .filePath(let id) = annotation.target else { continue }
                    add(id, path: annotation.text, to: &seen)
                }
            case .imageURL, .refusal, .unknown: break
            }
        }
        for attachment in message.attachments {
            if let id = attachment["file_id"]?.stringValue { add(id, to: &seen) }
        }
    }

    /// Whether there are none.
    var isEmpty: Bool { entries.isEmpty }

    private mutating func add(
        _ id: File.ID, path: String? = nil, isPart: Bool = false, to seen: inout Set<File.ID>
    ) {
        guard !id.isEmpty, seen.insert(id).inserted else { return }
        guard entries.count < Self.limit else { return more += 1 }
        let name = path?.split(separator: "/").last.map(String.init)
        entries.append(Entry(id: id, name: name, isPart: isPart))
    }
}
