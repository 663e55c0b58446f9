import Wire

/// What a server says about a failure, out of any of the shapes in use.
struct ErrorBody: Hashable, Sendable {
    var message = ""
    var type: String?
    var code: String?
    var param: String?
    var status: Int?
    var promptTokens: Int?
    var contextTokens: Int?

    /// So many characters of a text that is no known shape are kept.
    static let textLimit = 300
    /// So many characters of a message are kept.
    static let messageLimit = 2_000

    /// Reads the body of a response.
    init(body: [UInt8]) {
        do throws(JSONError) {
            self.init(root: try JSONValue(parsing: body))
        } catch {
            // Not JSON: plain text, or a page made for people.
            let text = String(decoding: body, as: UTF8.self).withoutMarkup
            self.init(message: text.shown(limit: Self.textLimit))
        }
    }

    /// Reads the value of an `error` member in a stream.
    init(error: JSONValue) {
        self.init(root: ["error": error])
    }

    /// Reads a chunk that is none: no choices, no usage, no error member. Nil when it says nothing.
    init?(unknown bytes: [UInt8]) {
        guard let root = try? JSONValue(parsing: bytes) else { return nil }
        let says = ["message", "detail", "msg"].contains { root[$0]?.isNull == false }
        guard says || root["object"]?.stringValue == "error" else { return nil }
        self.init(root: root)
    }

    private init(message: String) {
        self.message = message
    }

    private init(root: JSONValue) {
        // Some gateways answer with a list that holds the object.
        let root = root[0] ?? root
        if let object = root["error"], object.objectValue != nil {
            read(object)
        } else if let text = root["error"]?.stringValue {
            read(root)
            message = text
        } else {
            read(root)
        }
        if message.isEmpty { readDetail(root["detail"]) }
        if message.isEmpty { message = root.stringValue ?? root.text.shown(limit: Self.textLimit) }
        message = message.shown(limit: Self.messageLimit)
    }

    private mutating func read(_ object: JSONValue) {
        message = object["message"]?.stringValue ?? object["msg"]?.stringValue ?? ""
        type = object["type"]?.stringValue ?? object["error_type"]?.stringValue
        param = object["param"]?.stringValue
        let number = object["code"]?.integerValue ?? object["status_code"]?.integerValue
        code = object["code"]?.stringValue ?? object["code"]?.integerValue.map(String.init)
        status = number ?? code.flatMap { Int($0) }
        promptTokens = object["n_prompt_tokens"]?.integerValue
        contextTokens = object["n_ctx"]?.integerValue
        if message.isEmpty { readDetail(object["detail"]) }
    }

    /// `detail` is a text, an object with a message, or a list of complaints about members.
    private mutating func readDetail(_ detail: JSONValue?) {
        if let text = detail?.stringValue { message = text }
        if let text = detail?["message"]?.stringValue { message = text }
        guard let list = detail?.arrayValue, let first = list.first else { return }
        let place = first["loc"]?.arrayValue?.compactMap(\.stringValue).last
        message = [first["msg"]?.stringValue, place.map { "'\($0)'" }].compactMap { $0 }
            .joined(separator: ": ")
        param = param ?? place
    }
}

extension String {
    /// The text in one line, without controls and without characters that hide or turn text
    /// around, at most `limit` characters long: errors are shown to people in terminals.
    func shown(limit: Int) -> String {
        var line = ""
        var length = 0
        var endsWithSpace = true
        for scalar in unicodeScalars {
            if length == limit { return line + "…" }
            let isSpace = scalar.properties.isWhitespace
            if isSpace && endsWithSpace || !isSpace && scalar.isUnfitForDisplay { continue }
            line.unicodeScalars.append(isSpace ? " " : scalar)
            endsWithSpace = isSpace
            length += 1
        }
        return line.hasSuffix(" ") ? String(line.dropLast()) : line
    }

    /// The text of a page: what stands between tags, without scripts and styles.
    var withoutMarkup: String {
        guard drop(while: \.isWhitespace).first == "<" else { return self }
        var text = ""
        var rest = self[...]
        while let open = rest.firstIndex(of: "<") {
            text += rest[..<open] + " "
            rest = rest[open...]
            let isCode = ["<script", "<style"].contains {
                rest.prefix(8).lowercased().hasPrefix($0)
            }
            if isCode, let end = rest.dropFirst().firstRange(of: "</") {
                rest = rest[end.lowerBound...]
            }
            guard let close = rest.firstIndex(of: ">") else { return text }
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }
}

extension Unicode.Scalar {
    /// Controls, and format characters such as direction marks, which could make a text look like
    /// another; and what no text has at all.
    fileprivate var isUnfitForDisplay: Bool {
        switch properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
