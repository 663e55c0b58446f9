import Assistants

/// Takes `multipart/form-data` apart as it comes (RFC 7578), whatever size its parts have.
struct MultipartParser {
    /// What was found.
    enum Event: Hashable {
        /// A part begins; the file name is nil for a plain field.
        case begin(name: String, filename: String?)
        /// Some of the part's bytes.
        case data([UInt8])
        /// The part is complete.
        case end
    }

    private enum Place {
        case preamble, afterBoundary, header, body, epilogue
    }

    private static let headerLimit = 16 << 10
    private static let partLimit = 32

    private let delimiter: [UInt8]
    // The first boundary may stand at the very beginning.
    private var unread: [UInt8] = [0x0D, 0x0A]
    private var place = Place.preamble
    private var parts = 0

    /// - Throws: An `APIError` for a boundary that cannot be one.
    init(boundary: String) throws(APIError) {
        guard (1...70).contains(boundary.utf8.count) else {
            throw Self.fault("its boundary does not have 1 to 70 characters")
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Takes in the next bytes.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(APIError) -> [Event] {
        unread.append(contentsOf: bytes)
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Refuses a form that has not come to its end.
    func finish() throws(APIError) {
        if place != .epilogue { throw Self.fault("it ends before its last boundary") }
    }

    /// Does what can be done with what is there; false when more is needed.
    private mutating func step(_ events: inout [Event]) throws(APIError) -> Bool {
        switch place {
        case .preamble: return takeData { _ in }
        case .body:
            let found = takeData { events.append(.data($0)) }
            if found { events.append(.end) }
            return found
        case .afterBoundary: return try takeBoundaryEnd()
        case .header: return try takeHeader(&events)
        case .epilogue:
            unread = []
            return false
        }
    }

    /// Takes what lies before the next boundary; keeps what may be the beginning of one.
    private mutating func takeData(_ take: ([UInt8]) -> Void) -> Bool {
        let found = Self.find(delimiter, in: unread)
        let count = found ?? max(0, unread.count - delimiter.count + 1)
        if count > 0 { take(Array(unread[..<count])) }
        unread.removeFirst(count + (found == nil ? 0 : delimiter.count))
        if found != nil { place = .afterBoundary }
        return found != nil
    }

    private mutating func takeBoundaryEnd() throws(APIError) -> Bool {
        while let first = unread.first, first == 0x20 || first == 0x09 { unread.removeFirst() }
        guard unread.count >= 2 else { return false }
        if unread.starts(with: "--".utf8) {
            place = .epilogue
        } else if unread.starts(with: "\r\n".utf8) {
            place = .header
            parts += 1
            if parts > Self.partLimit { throw Self.fault("it has too many parts") }
        } else {
            throw Self.fault("something stands behind a boundary")
        }
        // The line end stays: a header without fields is the line end that follows it.
        if place == .epilogue { unread.removeFirst(2) }
        return true
    }

    private mutating func takeHeader(_ events: inout [Event]) throws(APIError) -> Bool {
        guard let end = Self.find(Array("\r\n\r\n".utf8), in: unread) else {
            if unread.count > Self.headerLimit { throw Self.fault("a part's header is too large") }
            return false
        }
        if end > Self.headerLimit { throw Self.fault("a part's header is too large") }
        let text = String(decoding: unread[..<end], as: UTF8.self)
        unread.removeFirst(end + 4)
        let disposition = text.split(separator: "\r\n").first { line in
            line.lowercased().hasPrefix("content-disposition:")
        }
        guard let disposition, let (name, filename) = ContentDisposition.read(disposition) else {
            throw Self.fault("a part has no name")
        }
        place = .body
        events.append(.begin(name: name, filename: filename))
        return true
    }

    /// Where a pattern begins; nil where it is not.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var start = 0
        while let place = bytes[start...(bytes.count - pattern.count)].firstIndex(of: first) {
            if bytes[place...].starts(with: pattern) { return place }
            start = place + 1
            if start > bytes.count - pattern.count { return nil }
        }
        return nil
    }

    private static func fault(_ what: String) -> APIError {
        .invalid("The form could not be read: \(what).", code: "invalid_form")
    }
}

/// The header field that names a part.
enum ContentDisposition {
    /// The part's name and file name; nil where it has no name.
    static func read(_ line: some StringProtocol) -> (name: String, filename: String?)? {
        var name: String?
        var filename: String?
        for (key, value) in parameters(Array(line.utf8)) {
            switch key {
            case "name": name = value
            case "filename": filename = filename ?? value
            // Given beside the plain one, it is the better one.
            case "filename*": filename = extended(value) ?? filename
            default: break
            }
        }
        return name.map { ($0, filename) }
    }

    /// How a file name is told, so that it cannot end the field or begin another.
    static func attachment(_ filename: String) -> String {
        let plain = filename.unicodeScalars.map { scalar -> Character in
            let isPlain = (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            return isPlain ? Character(scalar) : "_"
        }
        var encoded = ""
        for byte in filename.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded)"
    }

    /// `key=value` and `key="value"` behind each semicolon.
    private static func parameters(_ line: [UInt8]) -> [(String, String)] {
        var found: [(String, String)] = []
        var index = line.firstIndex(of: UInt8(ascii: ";")) ?? line.count
        while index < line.count {
            index += 1
            let end = line[index...].firstIndex(of: UInt8(ascii: "=")) ?? line.count
            guard end < line.count else { break }
            let key = String(decoding: line[index..<end].filter { $0 != 0x20 }, as: UTF8.self)
            index = end + 1
            var value: [UInt8] = []
            if index < line.count, line[index] == UInt8(ascii: "\"") {
                index += 1
                while index < line.count, line[index] != UInt8(ascii: "\"") {
                    let isEscape =
                        line[index] == UInt8(ascii: "\\") && index + 1 < line.count
                        && [UInt8(ascii: "\\"), UInt8(ascii: "\"")].contains(line[index + 1])
                    if isEscape { index += 1 }
                    value.append(line[index])
                    index += 1
                }
                index = line[index...].firstIndex(of: UInt8(ascii: ";")) ?? line.count
            } else {
                let end = line[index...].firstIndex(of: UInt8(ascii: ";")) ?? line.count
                value = line[index..<end].filter { $0 != 0x20 }
                index = end
            }
            // Browsers write a quotation mark in a name as %22.
            let text = String(decoding: value, as: UTF8.self)
            let plain = text.split(separator: "%22", omittingEmptySubsequences: false)
            let isExtended = key.hasSuffix("*")
            found.append((key.lowercased(), isExtended ? text : plain.joined(separator: "\"")))
        }
        return found
    }

    private static func extended(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return PercentText.decodedPart(parts[2])
    }
}
