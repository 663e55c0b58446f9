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

    private static let prefix = Array("sandbox:/mnt/data/".utf8)
    /// The most bytes of a link's path.
    private static let pathLimit = 1024
    /// The most links of one text.
    private static let limit = 200

    /// The links in a text to files that are there, in order.
    ///
    /// A link ends where a name of a file does and nothing follows that could belong to it. Bytes
    /// are compared, so that what is found is what stands there.
    static func all(in text: String, to files: [String]) -> [FileLink] {
        let bytes = Array(text.utf8)
        guard bytes.count > prefix.count else { return [] }
        var names: [ArraySlice<UInt8>: String] = [:]
        for file in files {
            names[Array(file.utf8)[...]] = file
            names[percentEncoded(file)[...]] = file
        }
        var links: [FileLink] = []
        var (place, scalars, counted) = (0, 0, 0)
        while links.count < limit, let start = position(from: place, in: bytes) {
            let path = start + prefix.count
            guard let (end, file) = end(of: path, in: bytes, names) else {
                place = path
                continue
            }
            scalars += scalarCount(bytes[counted..<start])
            let link = bytes[start..<end]
            links.append(
                FileLink(
                    text: String(decoding: link, as: UTF8.self), file: file, start: scalars,
                    end: scalars + scalarCount(link)))
            (place, counted) = (end, start)
        }
        return links
    }

    private static func position(from place: Int, in bytes: [UInt8]) -> Int? {
        var place = place
        while place + prefix.count <= bytes.count {
            guard let next = bytes[place...].firstIndex(of: prefix[0]),
                next + prefix.count <= bytes.count
            else { return nil }
            if bytes[next..<(next + prefix.count)].elementsEqual(prefix) { return next }
            place = next + 1
        }
        return nil
    }

    /// Where the longest name that stands at a place ends, and whose it is.
    private static func end(
        of path: Int, in bytes: [UInt8], _ names: [ArraySlice<UInt8>: String]
    ) -> (Int, String)? {
        var end = min(bytes.count, path + pathLimit)
        while end > path {
            // After the name: the text's end, or what is no part of a name.
            if end == bytes.count || ends(before: bytes[end...]),
                let file = names[bytes[path..<end]]
            {
                return (end, file)
            }
            end -= 1
        }
        return nil
    }

    /// Whether a name can end before these bytes: a full stop ends it only where a sentence does.
    private static func ends(before rest: ArraySlice<UInt8>) -> Bool {
        guard let next = rest.first else { return true }
        if " \n\r\t)]}>\"'`,;:!?*_|".utf8.contains(next) || next >= 0x80 { return true }
        guard next == UInt8(ascii: ".") else { return false }
        let after = rest.dropFirst().first
        return after.map { " \n\r\t)]}\"'`*_".utf8.contains($0) } ?? true
    }

    private static func scalarCount(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// A path as Markdown links have it.
    private static func percentEncoded(_ path: String) -> [UInt8] {
        path.utf8.flatMap { byte -> [UInt8] in
            let isPlain =
                byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39
                || "-._~/".utf8.contains(byte)
            if isPlain { return [byte] }
            let digits = String(byte, radix: 16, uppercase: true)
            return Array(("%" + (digits.count < 2 ? "0" : "") + digits).utf8)
        }
    }
}
