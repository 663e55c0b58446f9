import Wire

/// One line of what a kernel says, as it may be believed: well formed, and no more.
enum KernelEvent: Hashable, Sendable {
    case ready(python: String, packages: [String])
    case begun(cell: Int)
    case text(String, CellEvent.Source)
    case cut
    case image(name: String)
    case file(name: String)
    case done(cell: Int, CellEnding)
}

/// Reads a kernel's lines. The code in the sandbox can write there as well, so nothing is believed:
/// what is too long, not JSON or not known is left out.
struct KernelReader: Sendable {
    /// The longest line that is read; the kernel's own are shorter than 4096 bytes.
    static let lineLimit = 64 * 1024

    private var line: [UInt8] = []
    private var isOverlong = false
    /// Bytes since `beginCell`.
    private(set) var byteCount = 0

    mutating func beginCell() { byteCount = 0 }

    /// What a piece of the stream completes.
    mutating func feed(_ bytes: [UInt8]) -> [KernelEvent] {
        byteCount += bytes.count
        var events: [KernelEvent] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            if !isOverlong, let event = Self.event(line) { events.append(event) }
            line = []
            isOverlong = false
            rest = rest[(end + 1)...]
        }
        take(rest)
        return events
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        if isOverlong || line.count + bytes.count > Self.lineLimit {
            isOverlong = true
            line = []
        } else {
            line += bytes
        }
    }

    private static func event(_ line: [UInt8]) -> KernelEvent? {
        guard let value = try? JSONValue(parsing: line) else { return nil }
        switch value["event"]?.stringValue {
        case "ready":
            let names = value["packages"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return value["python"]?.stringValue.map { .ready(python: $0, packages: names) }
        case "text":
            guard let text = value["text"]?.stringValue, !text.isEmpty,
                let source = value["source"]?.stringValue.flatMap(CellEvent.Source.init)
            else { return nil }
            // A NUL ends strings where the text is kept.
            let clean = text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }
            return .text(String(String.UnicodeScalarView(clean)), source)
        case "begun": return value["cell"]?.integerValue.map { .begun(cell: $0) }
        case "cut": return .cut
        case "image": return value["name"]?.stringValue.map { .image(name: $0) }
        case "file":
            guard let name = value["name"]?.stringValue, FileName.isClean(name) else { return nil }
            return .file(name: name)
        case "done":
            guard let cell = value["cell"]?.integerValue, let ending = ending(value) else {
                return nil
            }
            return .done(cell: cell, ending)
        default: return nil
        }
    }

    private static func ending(_ value: JSONValue) -> CellEnding? {
        switch value["state"]?.stringValue {
        case "ok": return .finished
        case "exit": return .left(status: value["status"]?.integerValue ?? 0)
        // Why, the host knows better.
        case "interrupted": return .interrupted(.asked)
        case "error":
            let name = value["error"]?.stringValue ?? ""
            let isName = !name.isEmpty && name.utf8.count < 200 && FileName.isClean(name)
            return .failed(isName ? name : "an exception")
        default: return nil
        }
    }
}
