/// One text to be spoken, with everything the service can be told about it.
///
/// The names on the wire are those of `POST /v1/text-to-speech/{voice_id}/stream`. What is nil is
/// not sent, so that the service's default holds.
package struct SpeechRequest: Hashable, Sendable {
    /// Whether numbers, dates and the like are written out before they are spoken.
    package enum Normalization: String, CaseIterable, Sendable {
        case auto, on, off
    }

    /// The voice: `voice_id` in the path.
    package var voice: String
    /// What is to be spoken.
    package var text: String
    /// The model: `model_id`.
    package var model: String?
    /// The language, as ISO 639-1: `language_code`.
    package var language: String?
    /// How the voice speaks: `voice_settings`.
    package var settings = VoiceSettings()
    /// At most three, used in order: `pronunciation_dictionary_locators`.
    package var dictionaries: [PronunciationDictionary] = []
    /// Makes the same text sound the same, as far as the service can: `seed`, 0 to 4294967295.
    package var seed: Int?
    /// What was spoken before: `previous_text`.
    package var previousText: String?
    /// What is spoken after: `next_text`.
    package var nextText: String?
    /// Requests whose audio was read to its end, at most three: `previous_request_ids`.
    package var previousRequestIDs: [String] = []
    /// Requests that come after, at most three: `next_request_ids`.
    package var nextRequestIDs: [String] = []
    /// `apply_text_normalization`.
    package var normalization: Normalization?
    /// `apply_language_text_normalization`, which the service has for Japanese.
    package var normalizesLanguage: Bool?
    /// `use_pvc_as_ivc`.
    package var usesInstantClone: Bool?
    /// `output_format`, in the query.
    package var format = AudioFormat.raw
    /// `optimize_streaming_latency`, in the query: 0 to 4.
    package var latency: Int?
    /// `enable_logging`, in the query: false asks that nothing be kept.
    package var logging: Bool?

    /// Creates a request with the service's defaults.
    package init(voice: String, text: String) {
        self.voice = voice
        self.text = text
    }
}

/// How a voice speaks: `voice_settings`. What is nil is as the voice's owner set it.
package struct VoiceSettings: Hashable, Sendable {
    /// `stability`, 0 to 1: how alike it sounds each time.
    package var stability: Double?
    /// `similarity_boost`, 0 to 1: how close it keeps to the original.
    package var similarity: Double?
    /// `style`, 0 to 1: how much of the speaker's manner is stressed.
    package var style: Double?
    /// `use_speaker_boost`.
    package var speakerBoost: Bool?
    /// `speed`, 0.7 to 1.2.
    package var speed: Double?

    /// The voice's own.
    package init() {}
}

/// A dictionary of how words are said.
package struct PronunciationDictionary: Hashable, Sendable {
    /// `pronunciation_dictionary_id`.
    package var id: String
    /// `version_id`; nil for the newest.
    package var version: String?

    /// Names a dictionary.
    package init(id: String, version: String? = nil) {
        self.id = id
        self.version = version
    }
}
