// What the service would refuse is refused here, by name, before anything is sent.
extension SpeechRequest {
    /// The longest text of one request, in characters: the most that any model takes.
    package static let textLimit = 40_000

    /// Checks every field.
    /// - Throws: `SpeechError` of kind `invalid`, which names the field as the service does.
    package func check() throws(SpeechError) {
        try Self.check(id: voice, "voice_id")
        if text.allSatisfy(\.isWhitespace) { throw .invalid("text", "empty", "some words") }
        let length = text.unicodeScalars.count
        if length > Self.textLimit {
            throw .invalid("text", "\(length) characters long", "at most \(Self.textLimit)")
        }
        if let model { try Self.check(id: model, "model_id") }
        if let language { try Self.check(id: language, "language_code") }
        try settings.check()
        if dictionaries.count > 3 {
            throw .invalid(
                "pronunciation_dictionary_locators", "a list of \(dictionaries.count)",
                "at most 3")
        }
        for dictionary in dictionaries {
            try Self.check(id: dictionary.id, "pronunciation_dictionary_id")
            if let version = dictionary.version { try Self.check(id: version, "version_id") }
        }
        try SpeechError.check(seed, "seed", in: 0...4_294_967_295)
        try SpeechError.check(latency, "optimize_streaming_latency", in: 0...4)
        try Self.check(ids: previousRequestIDs, "previous_request_ids")
        try Self.check(ids: nextRequestIDs, "next_request_ids")
    }

    private static func check(ids: [String], _ name: String) throws(SpeechError) {
        if ids.count > 3 { throw .invalid(name, "a list of \(ids.count)", "at most 3") }
        for id in ids { try check(id: id, name) }
    }

    /// An id may stand in a path: letters, digits, `_`, `-` and `.`, but not only dots.
    private static func check(id: String, _ name: String) throws(SpeechError) {
        guard !id.isEmpty, id.utf8.allSatisfy(\.isPlain), !id.utf8.allSatisfy({ $0 == 0x2E }),
            id.utf8.count <= 128
        else {
            throw .invalid(
                name, id.isEmpty ? "empty" : String(id.prefix(60)),
                "letters, digits, “_”, “-” and “.”, at most 128")
        }
    }
}

extension VoiceSettings {
    /// Checks every field.
    /// - Throws: `SpeechError` of kind `invalid`, which names the field as the service does.
    package func check() throws(SpeechError) {
        try SpeechError.check(stability, "voice_settings.stability", in: 0...1)
        try SpeechError.check(similarity, "voice_settings.similarity_boost", in: 0...1)
        try SpeechError.check(style, "voice_settings.style", in: 0...1)
        try SpeechError.check(speed, "voice_settings.speed", in: 0.7...1.2)
    }
}

extension SpeechError {
    fileprivate static func check<Number: Comparable>(
        _ value: Number?, _ name: String, in range: ClosedRange<Number>
    ) throws(SpeechError) {
        guard let value, !range.contains(value) else { return }
        throw .invalid(name, "\(value)", "\(range.lowerBound) to \(range.upperBound)")
    }
}
