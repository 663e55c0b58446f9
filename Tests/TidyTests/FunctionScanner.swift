/// A function with a body, and the lines it takes from its keyword to its closing brace.
struct Function: Equatable, Sendable {
    let name: String
    let line: Int
    let lineCount: Int
}

extension SourceFile {
    /// The functions, initialisers, deinitialisers and subscripts of the file that have a body.
    var functions: [Function] {
        let bytes = Array(code.utf8)
        return words.indices.compactMap { place in
            let word = words[place]
            guard word.isDeclaration, Self.functionKeywords.contains(word.text),
                let body = Self.bodyStart(in: bytes, after: word.end),
                let count = Self.linesToClosingBrace(in: bytes, from: word.end, body: body)
            else { return nil }
            let isNamed = word.text == "func" && place + 1 < words.count
            let name = isNamed ? words[place + 1].text : word.text
            return Function(name: name, line: word.line, lineCount: count)
        }
    }

    private static let functionKeywords: Set<String> = ["func", "init", "deinit", "subscript"]
    private static let signatureContinuations = ["{", "->", "where", "async", "throws", ")"]

    /// Where the body's brace opens, or nil when the declaration has none, as in a protocol.
    private static func bodyStart(in bytes: [UInt8], after start: Int) -> Int? {
        var depth = 0
        for place in start..<bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return place
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "\n") where depth == 0:
                let rest = bytes[(place + 1)...].drop { $0 == UInt8(ascii: " ") }
                let goesOn = signatureContinuations.contains { rest.starts(with: $0.utf8) }
                if !goesOn { return nil }
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    private static func linesToClosingBrace(in bytes: [UInt8], from start: Int, body: Int) -> Int? {
        var lines = 1
        var depth = 0
        for place in start..<bytes.count {
            if bytes[place] == UInt8(ascii: "\n") { lines += 1 }
            guard place >= body else { continue }
            if bytes[place] == UInt8(ascii: "{") { depth += 1 }
            if bytes[place] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return lines }
        }
        return nil
    }
}
