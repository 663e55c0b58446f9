/// A place in a text that names a file of the code interpreter's, such as
/// `sandbox:/mnt/data/chart.csv` (`CONTRACT.md` 11).
struct FileLink: Hashable, Sendable {
    /// The link as it stands in the text.
    var text: String
    /// The file's path below `/mnt/data`.
    var file: String
    /// Where it begins and ends, in Unicode scalars.
    var start: Int
    var end: Int

    private static let prefix = "sandbox:/mnt/data/"

    /// The links in a text to files that are there, in order.
    static func all(in text: String, to files: [String]) -> [FileLink] {
        guard text.contains(prefix) else { return [] }
        // Of two names of which one begins with the other, the longer is meant.
        let names = files.sorted { $0.utf8.count > $1.utf8.count }.flatMap { file in
            let written = percentEncoded(file)
            return [file, written].prefix(written == file ? 1 : 2).map { ($0, file) }
        }
        var links: [FileLink] = []
        var (scalars, counted) = (0, text.startIndex)
        var rest = text[...]
        while let found = rest.firstRange(of: prefix) {
            rest = text[found.upperBound...]
            guard let (name, file) = names.first(where: { rest.hasPrefix($0.0) }) else { continue }
            scalars += text.unicodeScalars[counted..<found.lowerBound].count
            counted = found.lowerBound
            let link = prefix + name
            links.append(
                FileLink(
                    text: link, file: file, start: scalars,
                    end: scalars + link.unicodeScalars.count))
            rest = rest.dropFirst(name.count)
        }
        return links
    }

    /// A path as Markdown links have it.
    private static func percentEncoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let isPlain =
                byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39
                || "-._~/".utf8.contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
