import Glibc
import Processes

/// Lets the person write in the editor of their choice.
struct Editor {
    /// The editor of the configuration; nil for `VISUAL`, then `EDITOR`, then what is there.
    var command: String?

    /// Drafts that come back may be this long, in bytes.
    private static let limit = 64 << 20

    /// Opens a text and returns it as it was left; the text is unchanged when the editor failed.
    func edit(_ text: String, for purpose: EditorPurpose) -> EffectResult {
        guard let arguments else {
            return .failed(threadID: nil, "No editor was found: set VISUAL or EDITOR.")
        }
        var template = Array("/tmp/switchboard-message-XXXXXX.md".utf8CString)
        let descriptor = mkstemps(&template, 3)
        guard descriptor >= 0 else {
            return .failed(
                threadID: nil, "The message could not be written to /tmp for the editor.")
        }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let isWritten = writeAll(Array(text.utf8), to: descriptor)
        close(descriptor)
        guard isWritten else {
            return .failed(threadID: nil, "The message could not be written to \(path).")
        }
        guard let ending = try? Launch(arguments + [path]).run(),
            case .exited(let status) = ending
        else {
            return .failed(threadID: nil, "The editor \(arguments[0]) could not be run.")
        }
        guard status == 0, let bytes = readAll(path, limit: Self.limit) else {
            return .failed(
                threadID: nil,
                "The editor \(arguments[0]) ended with \(status); the message is unchanged.")
        }
        var edited = String(decoding: bytes, as: UTF8.self)
        // Editors end the last line; a message has no such end.
        if edited.hasSuffix("\n"), !text.hasSuffix("\n") { edited.removeLast() }
        return .edited(edited, for: purpose)
    }

    /// The editor and its own arguments.
    private var arguments: [String]? {
        let names: [String] = ["VISUAL", "EDITOR"]
        let variables = names.compactMap { name in getenv(name).map { String(cString: $0) } }
        let candidates = (command.map { [$0] } ?? []) + variables + ["editor", "nano", "vi"]
        for candidate in candidates {
            let words = candidate.split(separator: " ").map { String($0) }
            if let name = words.first, Launch.path(of: name) != nil { return words }
        }
        return nil
    }
}
