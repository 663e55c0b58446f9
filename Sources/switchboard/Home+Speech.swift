import Settings
import Speech
import Transport

extension Home {
    /// How texts are spoken: by the configuration, with the key of the environment.
    /// - Parameter model: The model in place of the configuration's.
    /// - Throws: `Stop` for a format that does not exist.
    func speech(
        voice: String? = nil, model: String? = nil, format: String? = nil
    ) throws(Stop) -> SpeechSetup {
        let settings = configuration.speech
        var setup = SpeechSetup(transport: AsyncHTTPTransport.shared)
        setup.url = settings.url ?? setup.url
        setup.key = environment["ELEVENLABS_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        setup.player = settings.player.map { Player(command: $0) }
        if let name = format ?? settings.format {
            guard let format = AudioFormat(name) else {
                throw Stop.usage(
                    "There is no format \(name). Allowed: "
                        + AudioFormat.names.joined(separator: ", ") + ".")
            }
            setup.format = format
        }
        setup.request = settings.request(setup.request)
        setup.request.voice = voice ?? setup.request.voice
        setup.request.model = model ?? setup.request.model
        return setup
    }
}

extension SpeechSettings {
    /// The request with what these settings say.
    fileprivate func request(_ request: SpeechRequest) -> SpeechRequest {
        var request = request
        request.voice = voice ?? request.voice
        request.model = model ?? request.model
        request.language = language
        request.settings.stability = stability
        request.settings.similarity = similarity
        request.settings.style = style
        request.settings.speakerBoost = speakerBoost
        request.settings.speed = speed
        request.seed = seed
        request.latency = latency
        request.normalization = normalization.flatMap { .init(rawValue: $0.rawValue) }
        request.normalizesLanguage = normalizesLanguage
        request.usesInstantClone = usesInstantClone
        request.logging = logging
        request.dictionaries = dictionaries.map { name in
            let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
            return PronunciationDictionary(
                id: parts.first ?? "", version: parts.count > 1 ? parts[1] : nil)
        }
        return request
    }
}
