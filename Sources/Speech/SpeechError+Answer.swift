import Wire

// Errors of the service: `{"detail":{"type","code","message","status","param"}}`, in older answers
// only `status` and `message`, after a check of fields a list, and from a proxy anything at all.
extension SpeechError {
    /// Reads an answer that is none of sound.
    init(status: Int, body: [UInt8]) {
        let detail = (try? JSONValue(parsing: body))?["detail"]
        if let list = detail?.arrayValue {
            self.init(.invalid, Self.text(ofChecks: list))
            return
        }
        let codes = ["code", "status"].compactMap { detail?[$0]?.stringValue?.lowercased() }
        let said = detail?["message"]?.stringValue ?? detail?.stringValue ?? ""
        let kind = Self.kind(codes, status)
        self.init(kind, Self.message(kind, status: status, said: Self.short(said)))
    }

    private static func kind(_ codes: [String], _ status: Int) -> Kind {
        for code in codes.reversed() {
            switch code {
            case "quota_exceeded", "insufficient_credits": return .quota
            case "missing_api_key", "needs_authorization": return .noKey
            case "invalid_api_key", "unauthorized": return .invalidKey
            case "missing_permissions": return .notAllowed
            case "voice_not_found", "invalid_voice", "voice_does_not_exist": return .voiceNotFound
            case "max_character_limit_exceeded", "text_too_long": return .textTooLong
            case "rate_limit_exceeded", "system_busy": return .rateLimit
            case "concurrent_limit_exceeded", "too_many_concurrent_requests":
                return .tooManyAtOnce
            case "output_format_not_allowed", "only_for_creator+", "subscription_required",
                "feature_unavailable":
                return .formatNotAllowed
            default: continue
            }
        }
        switch status {
        case 401: return .invalidKey
        case 403: return .notAllowed
        case 429: return .rateLimit
        default: return .refused(status: status)
        }
    }

    private static func message(_ kind: Kind, status: Int, said: String) -> String {
        let words = said.isEmpty ? "" : " (\(said))"
        return switch kind {
        case .noKey: noKey.message
        case .invalidKey:
            "The speech service does not know the key\(words). Check ELEVENLABS_API_KEY."
        case .notAllowed: "The key may not be used for this\(words). Change its permissions."
        case .quota: "The account's characters are used up\(words)."
        case .voiceNotFound: "There is no such voice\(words). switchboard voices lists them."
        case .formatNotAllowed: "The account has no sound in this format\(words). Choose another."
        case .textTooLong: "The text is too long for the model\(words)."
        case .rateLimit: "The speech service wants fewer requests\(words). Try again in a while."
        case .tooManyAtOnce: "Too many texts are spoken at once with this key\(words)."
        default: "The speech service refused with status \(status)\(words)."
        }
    }

    /// `[{"loc":["body","text"],"msg":"Field required"}]` as a sentence.
    private static func text(ofChecks list: [JSONValue]) -> String {
        let parts = list.prefix(3).map { check in
            let place = (check["loc"]?.arrayValue ?? []).compactMap(\.stringValue)
            let name = place.dropFirst().joined(separator: ".")
            return short(name + ": " + (check["msg"]?.stringValue ?? "not allowed"))
        }
        return "The speech service refused a value: " + parts.joined(separator: "; ") + "."
    }

    /// At most 200 characters, without an end of their own.
    private static func short(_ text: String) -> String {
        var short = String(text.unicodeScalars.prefix(200))
        while let last = short.last, last == "." || last.isWhitespace { short.removeLast() }
        return short
    }
}
