import Transport
import Wire

extension ChatError {
    /// Reads an answer that is no success.
    init(status: Int, body: [UInt8], response: HTTPResponse, place: String) {
        var error = ErrorBody(body: body)
        error.status = status
        let isPage = body.looksLikePage
        self.init(error, place: place)
        if isPage, kind == .notFound || kind == .badRequest { kind = .badResponse }
        if case .rateLimit = kind { kind = .rateLimit(retryAfter: response.retryAfter) }
        requestID = response.header("x-request-id") ?? response.header("x-generation-id")
        shouldRetry = response.header("x-should-retry").flatMap { Bool($0) }
    }

    /// Reads an error that came inside a stream.
    init(_ error: ErrorBody, place: String) {
        self.init(
            Kind(error), message: error.message, place: place, status: error.status,
            code: error.code, type: error.type, param: error.param)
    }
}

extension ChatError.Kind {
    /// Decides by what the server says, most telling first: codes of its own, then its words, then
    /// the number, as servers use the same number for many things.
    init(_ error: ErrorBody) {
        let words = error.message.lowercased()
        let codes = [error.code, error.type].compactMap { $0?.lowercased() }
        if let overflow = Self.overflow(error, words, codes) {
            self = overflow
        } else if codes.contains("insufficient_quota") || error.status == 402 {
            self = .quotaExceeded
        } else if Self.isAboutSight(words) {
            self = .unsupportedParameter(ChatEncoding.images)
        } else if let name = Self.refusedParameter(error, words, codes) {
            self = .unsupportedParameter(name)
        } else if Self.isAboutKey(error, words, codes) {
            self = .unauthorized
        } else if Self.isAboutModel(error, words, codes) {
            self = .modelNotFound
        } else if codes.contains(where: { $0.contains("rate_limit") || $0 == "ratelimitreached" }) {
            self = .rateLimit(retryAfter: nil)
        } else {
            self.init(status: error.status)
        }
    }

    private init(status: Int?) {
        switch status {
        case 401, 403: self = .unauthorized
        case 404, 405, 410: self = .notFound
        case 429: self = .rateLimit(retryAfter: nil)
        case let status? where (400..<500).contains(status): self = .badRequest
        case let status? where (300..<400).contains(status): self = .badResponse
        default: self = .server
        }
    }

    /// Whether the model sees no images at all; what is wrong with one of them is another matter.
    /// The words of llama.cpp and llamafile, vLLM, Ollama, OpenRouter and OpenAI.
    private static func isAboutSight(_ words: String) -> Bool {
        [
            "image input is not supported", "not compiled for multimodal",
            "content part type: \"image_url\"", "is not a multimodal model",
            "at most 0 image", "missing data required for image input",
            "no endpoints found that support image input", "does not support image",
            "image_url is only supported by certain models", "does not support vision",
        ].contains { words.contains($0) }
    }

    private static func isAboutKey(_ error: ErrorBody, _ words: String, _ codes: [String]) -> Bool {
        if error.status == 401 { return true }
        let isCode = ["invalid_api_key", "authentication_error"].contains { codes.contains($0) }
        return isCode || words.contains("incorrect api key") || words.contains("invalid api key")
    }

    private static func isAboutModel(
        _ error: ErrorBody, _ words: String, _ codes: [String]
    ) -> Bool {
        if codes.contains("model_not_found") || codes.contains("deploymentnotfound") { return true }
        guard words.contains("model"), (400..<500).contains(error.status ?? 0) else { return false }
        return ["not found", "does not exist", "not exist", "not a valid model", "unknown model"]
            .contains { words.contains($0) }
    }

    private static func overflow(
        _ error: ErrorBody, _ words: String, _ codes: [String]
    ) -> ChatError.Kind? {
        let isCode = ["exceed_context_size_error", "context_length_exceeded"].contains {
            codes.contains($0)
        }
        let isWords = [
            "maximum context length", "context size", "context length of only", "context window",
            "prompt is too long", "exceeds the context", "input is too long",
        ].contains { words.contains($0) }
        guard isCode || isWords, error.status.map({ $0 >= 400 }) ?? true else { return nil }
        // Whatever the sentence, the larger of its first two numbers is what was sent.
        let numbers = error.message.wholeNumbers.prefix(2)
        let pair = numbers.count == 2 && numbers.min() != numbers.max()
        return .contextOverflow(
            promptTokens: error.promptTokens ?? (pair ? numbers.max() : nil),
            contextTokens: error.contextTokens ?? (pair ? numbers.min() : nil))
    }

    private static func refusedParameter(
        _ error: ErrorBody, _ words: String, _ codes: [String]
    ) -> String? {
        guard error.status == 400 || error.status == 422 || error.status == nil else { return nil }
        let refuses = [
            "unsupported", "not supported", "unrecognized", "unknown parameter", "unknown field",
            "unexpected", "not permitted", "not allowed", "extra inputs", "additional properties",
            "does not support", "no longer", "deprecated",
        ].contains { words.contains($0) }
        let isCode = ["unsupported_parameter", "unsupported_value", "unknown_parameter"].contains {
            codes.contains($0)
        }
        guard refuses || isCode else { return nil }
        if error.param == ChatEncoding.reasoningSummary { return error.param }
        if let param = error.param?.split(separator: ".").first.map(String.init) {
            if ChatEncoding.optional.contains(param) { return param }
            if isCode { return param }
        }
        // The longest name first: `max_tokens` stands inside no other, but `stop` does.
        return ChatEncoding.optional.filter { $0.contains("_") || words.contains("'\($0)'") }
            .filter { words.contains($0) }
            .min { words.range($0) < words.range($1) }
    }
}

extension HTTPResponse {
    /// When the server wants to be asked again: milliseconds, else seconds or a date.
    var retryAfter: Duration? {
        if let text = header("retry-after-ms"), let milliseconds = Double(text) {
            return Duration.within(milliseconds / 1_000)
        }
        guard let text = header("retry-after") else { return nil }
        if let seconds = Double(text) { return Duration.within(seconds) }
        guard let then = HTTPDate(text), let now = header("date").flatMap(HTTPDate.init) else {
            return nil
        }
        return .seconds(max(0, then.seconds - now.seconds))
    }
}

extension Duration {
    /// A wait out of a number from outside: none when it is no number, negative or absurd.
    fileprivate static func within(_ seconds: Double) -> Duration? {
        seconds >= 0 && seconds < 1e9 ? .seconds(seconds) : nil
    }
}

extension String {
    /// The whole numbers in a text, in order; digits that are a part of a word or too many are not.
    fileprivate var wholeNumbers: [Int] {
        split { !($0.isASCII && ($0.isNumber || $0.isLetter || $0 == "_" || $0 == ",")) }
            .compactMap { Int($0.filter { $0 != "," }) }
    }

    /// Where a text begins in this one, in bytes; the end when it is not there.
    fileprivate func range(_ text: String) -> Int {
        firstRange(of: text).map { utf8.distance(from: startIndex, to: $0.lowerBound) }
            ?? utf8.count
    }
}

extension [UInt8] {
    /// Whether this is a page for people: it begins with a tag.
    var looksLikePage: Bool {
        first { !($0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) } == UInt8(ascii: "<")
    }
}
