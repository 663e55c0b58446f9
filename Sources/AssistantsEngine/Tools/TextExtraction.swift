import Assistants

/// Reads the text of a file, whatever kind of text it is.
enum TextExtraction {
    /// The largest file that is read, in bytes, and the most tokens that are indexed of one.
    static let sizeLimit = 64 << 20
    static let tokenLimit = 5_000_000

    /// The text in UTF-8.
    /// - Throws: `IndexingError` where it is no text, or there is too much of it.
    static func text(of bytes: [UInt8], filename: String) throws(IndexingError) -> [UInt8] {
        let ending = fileEnding(filename)
        if let kind = unreadable[ending] {
            throw IndexingError(
                .unsupportedFile,
                "\(filename) is \(kind), which cannot be searched yet. Save it as text, Markdown "
                    + "or HTML and add it again.")
        }
        var text = try plainText(bytes, filename)
        if isHTML(text, ending) { text = HTMLText.text(of: text) }
        if !text.contains(where: { $0 > 0x20 }) {
            throw IndexingError(.invalidFile, "\(filename) has no text in it.")
        }
        let tokens = PassageCutter.tokenCount(of: text)
        if tokens > tokenLimit {
            throw IndexingError(
                .invalidFile,
                "\(filename) has about \(tokens) tokens; the most that is searched of one file is "
                    + "\(tokenLimit).")
        }
        return text
    }

    /// What files with these endings are, for a person.
    private static let unreadable = [
        "pdf": "a PDF document", "doc": "a Word document", "docx": "a Word document",
        "ppt": "a presentation", "pptx": "a presentation", "xls": "a spreadsheet",
        "xlsx": "a spreadsheet", "odt": "an OpenDocument text", "rtf": "a rich text",
        "epub": "a book", "zip": "an archive", "tar": "an archive", "gz": "an archive",
        "png": "an image", "jpg": "an image", "jpeg": "an image", "gif": "an image",
        "webp": "an image", "mp3": "a sound", "wav": "a sound", "mp4": "a film",
    ]

    private static func fileEnding(_ filename: String) -> String {
        let parts = filename.split(separator: ".")
        return parts.count > 1 ? parts[parts.count - 1].lowercased() : ""
    }

    private static func isHTML(_ text: [UInt8], _ ending: String) -> Bool {
        if ["html", "htm", "xhtml"].contains(ending) { return true }
        guard ending.isEmpty else { return false }
        let start = String(decoding: text.prefix(256), as: UTF8.self).lowercased()
        let first = start.drop { $0.isWhitespace }
        return first.hasPrefix("<!doctype html") || first.hasPrefix("<html")
    }

    /// UTF-8, or UTF-16 with its mark, as UTF-8 without a mark.
    private static func plainText(
        _ bytes: [UInt8], _ filename: String
    ) throws(IndexingError) -> [UInt8] {
        if bytes.starts(with: [0xFF, 0xFE]) { return wide(bytes.dropFirst(2), isLittle: true) }
        if bytes.starts(with: [0xFE, 0xFF]) { return wide(bytes.dropFirst(2), isLittle: false) }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        if text.contains(0) || !isUTF8(text) {
            throw IndexingError(
                .unsupportedFile,
                "\(filename) is no text that could be read: text in UTF-8, UTF-16 or ASCII can be "
                    + "searched.")
        }
        return text
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        var decoder = UTF8()
        var source = bytes.makeIterator()
        while true {
            switch decoder.decode(&source) {
            case .scalarValue: continue
            case .emptyInput: return true
            case .error: return false
            }
        }
    }

    private static func wide(_ bytes: ArraySlice<UInt8>, isLittle: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var place = bytes.startIndex
        while place + 1 < bytes.endIndex {
            let (one, other) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            units.append(isLittle ? other << 8 | one : one << 8 | other)
            place += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
