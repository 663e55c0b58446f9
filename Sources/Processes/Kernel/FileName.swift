/// Names of files that come from outside: from uploads into a sandbox, or from code out of it.
package enum FileName {
    /// The longest name that is made, in bytes; file systems take 255.
    private static let limit = 200
    private static let extensionLimit = 20

    /// A name without folders, control characters and what changes how text around it is shown;
    /// never empty, never `.` or `..`.
    package static func safe(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        var scalars = String.UnicodeScalarView()
        for scalar in last.unicodeScalars {
            scalars.append(isVisible(scalar) ? scalar : "_")
        }
        var clean = trimmed(String(scalars))
        if clean.utf8.count > limit {
            let dot = clean.lastIndex(of: ".")
            let ending = dot.map { clean[$0...] } ?? ""
            let kept = ending.utf8.count <= extensionLimit ? ending : ""
            clean = prefix(of: clean.dropLast(kept.count), bytes: limit - kept.utf8.count) + kept
        }
        return clean.allSatisfy { $0 == "." } ? "file" : clean
    }

    /// Harmless names like the given one, each to be tried where those before it are taken.
    package static func attempts(_ name: String) -> some Sequence<String> {
        let name = safe(name)
        return (1..<10_000).lazy.map { $0 == 1 ? name : numbered(name, $0) }
    }

    /// The name with a number before its ending: `data.csv` becomes `data-2.csv`.
    private static func numbered(_ name: String, _ number: Int) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
            return "\(name)-\(number)"
        }
        return "\(name[..<dot])-\(number)\(name[dot...])"
    }

    /// Whether a path from a sandbox can be shown and opened: relative, without `.` and `..`, and
    /// with nothing in it that cannot be seen.
    package static func isClean(_ path: String) -> Bool {
        !path.isEmpty && path.utf8.count <= 1024 && path.unicodeScalars.allSatisfy(isVisible)
            && components(path).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    static func components(_ path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default: scalar != "\u{FFFD}"
        }
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static func prefix(of text: Substring, bytes: Int) -> String {
        var end = text.startIndex
        while end < text.endIndex {
            let next = text.index(after: end)
            if text[..<next].utf8.count > bytes { break }
            end = next
        }
        return String(text[..<end])
    }
}
