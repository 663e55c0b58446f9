import Wire

extension SpeechRequest {
    /// The path and the query. Every part was checked to need no escapes.
    var target: String {
        var query = ["output_format=\(format.name)"]
        if let latency { query.append("optimize_streaming_latency=\(latency)") }
        if let logging { query.append("enable_logging=\(logging)") }
        return "/v1/text-to-speech/\(voice)/stream?" + query.joined(separator: "&")
    }

    /// The body; a field that is nil or empty is left out.
    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("text", text)
        writer.present("model_id", model)
        writer.present("language_code", language)
        if settings != VoiceSettings() {
            writer.key("voice_settings")
            settings.write(to: &writer)
        }
        if !dictionaries.isEmpty {
            writer.key("pronunciation_dictionary_locators")
            writer.beginArray()
            for dictionary in dictionaries { dictionary.write(to: &writer) }
            writer.endArray()
        }
        if let seed { writer.member("seed", seed) }
        writer.present("previous_text", previousText)
        writer.present("next_text", nextText)
        writer.list("previous_request_ids", previousRequestIDs)
        writer.list("next_request_ids", nextRequestIDs)
        writer.present("apply_text_normalization", normalization?.rawValue)
        writer.present("apply_language_text_normalization", normalizesLanguage)
        writer.present("use_pvc_as_ivc", usesInstantClone)
        writer.endObject()
        return writer.bytes
    }
}

extension VoiceSettings {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.present("stability", stability)
        writer.present("similarity_boost", similarity)
        writer.present("style", style)
        writer.present("use_speaker_boost", speakerBoost)
        writer.present("speed", speed)
        writer.endObject()
    }
}

extension PronunciationDictionary {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("pronunciation_dictionary_id", id)
        writer.present("version_id", version)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func list(_ name: StaticString, _ values: [String]) {
        if values.isEmpty { return }
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }
}
