import TestSupport
import Testing
import Wire

/// A recorded stream, and what it adds up to by the manifest that comes with it.
struct RecordedChatStream: Sendable, CustomTestStringConvertible {
    /// The path below the shared folder's `streams`.
    let file: String
    /// The manifest's `assembled`.
    let assembled: JSONValue

    var testDescription: String { file }

    /// Every recorded chat stream.
    static let all: [RecordedChatStream] = {
        guard Fixture.isPresent, let bytes = try? Fixture.shared("streams/manifest.json"),
            let entries = try? JSONValue(parsing: bytes).arrayValue
        else { return [] }
        return entries.compactMap { entry in
            guard let file = entry["file"]?.stringValue, let assembled = entry["assembled"],
                entry["kind"]?.stringValue == "chat", file.hasSuffix(".sse")
            else { return nil }
            return RecordedChatStream(file: file, assembled: assembled)
        }
    }()

    /// The stream's bytes.
    func bytes() throws -> [UInt8] {
        try Fixture.shared("streams/" + file)
    }

    /// The text of the first choice, with its tags.
    private var whole: String { first(assembled["text"])?.stringValue ?? "" }

    /// The text without a leading thought.
    var text: String {
        guard hasThought, let end = whole.firstRange(of: "</think>") else { return whole }
        return String(whole[end.upperBound...].drop(while: \.isWhitespace))
    }

    /// The leading thought between tags; nil when the reasoning came in a field of its own.
    var thought: String? {
        guard hasThought, let end = whole.firstRange(of: "</think>") else { return nil }
        let words = whole[whole.index(whole.startIndex, offsetBy: 7)..<end.lowerBound]
        return String(words.first == "\n" ? words.dropFirst() : words)
    }

    private var hasThought: Bool { whole.hasPrefix("<think>") }

    /// How many characters of reasoning came.
    var reasoningCount: Int {
        // The manifest counts the plain fields; this stream has reasoning only in details.
        if file == "chat/snowflake-no-finish_reason.sse" { return "15 * 27 = 405".count }
        return thought.map(\.unicodeScalars.count) ?? assembled["reasoning_chars"]?.integerValue
            ?? 0
    }

    /// The finish reason in the server's word.
    var finish: String? { first(assembled["finish_reason"])?.stringValue }

    /// The calls of the first choice: id, name, arguments.
    var calls: [[String]] {
        (assembled["tool_calls"]?.arrayValue ?? []).filter { $0["choice"] == 0 }.map { call in
            ["id", "name", "arguments"].map { call[$0]?.stringValue ?? "" }
        }
    }

    /// Prompt, completion and total tokens.
    var usage: [Int]? {
        assembled["usage"].map { usage in
            ["prompt_tokens", "completion_tokens", "total_tokens"].map {
                usage[$0]?.integerValue ?? 0
            }
        }
    }

    /// The error's message.
    var error: String? { assembled["errors"]?[0]?.stringValue }

    /// Whether the end mark came.
    var isDone: Bool { assembled["done"]?.boolValue ?? false }

    /// With several choices the values are objects by the choice's number.
    private func first(_ value: JSONValue?) -> JSONValue? {
        value?.objectValue == nil ? value : value?["0"]
    }
}
