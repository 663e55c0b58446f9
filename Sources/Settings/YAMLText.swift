import Yams

/// Turns the bytes of a YAML file into a value, or into everything that is wrong with them.
///
/// Only `YAMLDecoder` reads them: of the ways into Yams it is the one that survived 100,000 random
/// edits. What must hold before it sees the text: not too long, UTF-8, no NUL, few aliases.
enum YAMLText {
    /// The most aliases (`*name`) in one file; more could unfold to a text without end.
    static let aliasLimit = 16

    /// Decodes one value.
    ///
    /// - Throws: A `ConfigurationError` with all problems found, in the order of the file.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], file: String
    ) throws(ConfigurationError) -> Value {
        let text = try checked(bytes, file: file)
        let log = ProblemLog(file: file, text: text)
        let decoder = YAMLDecoder(encoding: .utf8)
        do {
            let value = try decoder.decode(type, from: text, userInfo: [ProblemLog.key: log])
            if log.problems.isEmpty { return value }
        } catch {
            log.add(error)
        }
        throw ConfigurationError(log.problems)
    }

    /// The bytes as text, when they keep the limits.
    private static func checked(
        _ bytes: [UInt8], file: String
    ) throws(ConfigurationError) -> String {
        func refusal(
            _ message: String, _ advice: String, at offset: Int? = nil
        ) -> ConfigurationError {
            let line = offset.map { bytes[..<$0].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }
            return ConfigurationError([
                .init(file: file, line: line, message: message, advice: advice)
            ])
        }
        guard bytes.count <= BoundedFile.limit else {
            throw refusal("The file is longer than 64 KiB.", "Shorten it.")
        }
        if let offset = bytes.firstIndex(of: 0) {
            throw refusal("The file holds a NUL byte.", "Save it as plain UTF-8 text.", at: offset)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(
                "The file is not valid UTF-8.", "Save it as UTF-8 text.",
                at: firstInvalidByte(in: bytes))
        }
        if let offset = firstAliasTooMany(in: bytes) {
            throw refusal(
                "The file holds more than \(aliasLimit) aliases.",
                "Write the values out, or begin the theme with extends.", at: offset)
        }
        return text
    }

    /// Where decoding as UTF-8 first goes wrong.
    private static func firstInvalidByte(in bytes: [UInt8]) -> Int? {
        var low = 0
        for end in lineEnds(in: bytes) {
            if String(validating: bytes[low..<end], as: UTF8.self) == nil { return low }
            low = end
        }
        return nil
    }

    private static func lineEnds(in bytes: [UInt8]) -> [Int] {
        bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 } + [bytes.count]
    }

    /// Where one alias too many stands. A star in a comment counts too.
    private static func firstAliasTooMany(in bytes: [UInt8]) -> Int? {
        var count = 0
        for index in bytes.indices.dropLast() where bytes[index] == UInt8(ascii: "*") {
            let next = bytes[index + 1]
            guard next > 0x20, next != UInt8(ascii: "*"), next != UInt8(ascii: "\"") else {
                continue
            }
            count += 1
            if count > aliasLimit { return index }
        }
        return nil
    }
}

extension ProblemLog {
    /// Adds what Yams says about a text that it cannot read.
    fileprivate func add(_ error: any Error) {
        guard case DecodingError.dataCorrupted(let context) = error,
            let cause = context.underlyingError as? YamlError
        else {
            return add("The file cannot be understood.", at: nil)
        }
        switch cause {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            add("This is not valid YAML: \(problem.withoutControls).", at: Place(mark))
        case .reader(let problem, _, _, _):
            add("This is not valid YAML: \(problem.withoutControls).", at: nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map(\.quoted).joined(separator: ", ")
            add(
                "A key is given twice: \(names).", advice: "Keep one of them.",
                at: Place(context.mark))
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            add("The file cannot be understood: \(cause).", at: nil)
        }
    }
}
