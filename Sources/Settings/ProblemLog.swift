import Yams

/// Collects what is wrong while one file is decoded, and finds the place of a key in its text.
///
/// A class because every part of the decoding adds to the same list; it lives for one call.
final class ProblemLog {
    /// The most problems that are listed for one file.
    static let limit = 20
    /// Where decoders find the log.
    static let key: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "switchboard.problems") else {
            preconditionFailure("the key is not empty")
        }
        return key
    }()

    let file: String
    private let lines: [[Unicode.Scalar]]
    private(set) var problems: [ConfigurationError.Problem] = []

    init(file: String, text: String) {
        self.file = file
        self.lines = text.unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// The log that travels with a decoder.
    static func of(_ decoder: any Decoder) -> ProblemLog {
        guard let log = decoder.userInfo[key] as? ProblemLog else {
            preconditionFailure("files are decoded by YAMLText only, which provides the log")
        }
        return log
    }

    /// Whether no more problems are listed.
    var isFull: Bool { problems.count >= Self.limit }

    /// Adds a problem at a place that the decoder gave.
    func add(_ message: String, advice: String? = nil, at place: Place?) {
        guard !isFull else { return }
        problems.append(
            .init(
                file: file, line: place?.line, column: place?.column, message: message,
                advice: advice))
    }

    /// The place of a key, given where its value begins: the nearest before that.
    func place(ofKey key: String, valueAt value: Place?) -> Place? {
        guard let value else { return nil }
        let wanted = Array(key.unicodeScalars)
        guard !wanted.isEmpty else { return value }
        var line = value.line - 1
        var end = value.column - 1
        while line >= 0, line < lines.count {
            let text = lines[line]
            if let start = Self.last(wanted, in: text, before: min(end, text.count)) {
                return Place(line: line + 1, column: start + 1)
            }
            line -= 1
            end = .max
        }
        return value
    }

    /// Where `wanted` begins for the last time in `text[..<end]`, as a whole word.
    private static func last(
        _ wanted: [Unicode.Scalar], in text: [Unicode.Scalar], before end: Int
    ) -> Int? {
        guard end >= wanted.count else { return nil }
        for start in stride(from: end - wanted.count, through: 0, by: -1) {
            let stop = start + wanted.count
            guard text[start..<stop].elementsEqual(wanted) else { continue }
            let opens = start == 0 || " \t{,\"'&?".unicodeScalars.contains(text[start - 1])
            let closes = stop == text.count || " \t:\"'\r".unicodeScalars.contains(text[stop])
            if opens, closes { return start }
        }
        return nil
    }
}

/// A place in a text: line and column from 1, columns in Unicode scalars.
struct Place: Hashable, Sendable {
    var line: Int
    var column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}
