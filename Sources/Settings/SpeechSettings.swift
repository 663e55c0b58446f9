/// The `speech` section: who speaks, how, and through which player.
///
/// A key is never here: it comes from the environment alone. The names of voices, models and
/// formats are the service's; what is nil is left to it.
package struct SpeechSettings: Hashable, Sendable {
    /// Whether numbers and dates are written out before they are spoken.
    package enum Normalization: String, CaseIterable, Hashable, Sendable {
        case auto, on, off
    }

    /// The address of the service without a path; nil for the usual one.
    package var url: String?
    /// The id of the voice.
    package var voice: String?
    /// The model.
    package var model: String?
    /// The language, such as `de`.
    package var language: String?
    /// The format of the sound.
    package var format: String?
    /// The command that plays sound from its standard input.
    package var player: String?
    /// How alike the voice sounds each time, 0 to 1.
    package var stability: Double?
    /// How close it keeps to the original, 0 to 1.
    package var similarity: Double?
    /// How much of the speaker's manner is stressed, 0 to 1.
    package var style: Double?
    /// Whether likeness is boosted.
    package var speakerBoost: Bool?
    /// How fast it speaks, 0.7 to 1.2.
    package var speed: Double?
    /// The same text sounds the same with the same number.
    package var seed: Int?
    /// How much is given up for an early start, 0 to 4.
    package var latency: Int?
    /// Whether numbers and dates are written out.
    package var normalization: Normalization?
    /// Whether the language's own rules are used too, which there are for Japanese.
    package var normalizesLanguage: Bool?
    /// Whether a professional clone is used as an instant one.
    package var usesInstantClone: Bool?
    /// Whether the service may keep what is spoken.
    package var logging: Bool?
    /// Ids of pronunciation dictionaries, each with `@version` where one is meant; at most three.
    package var dictionaries: [String] = []

    /// Everything as the service has it.
    package init() {}
}

extension SpeechSettings: Decodable {
    private static let names = [
        "url", "voice", "model", "language", "format", "player", "stability", "similarity",
        "style", "speaker-boost", "speed", "seed", "latency", "normalization",
        "language-normalization", "instant-clone", "logging", "dictionaries",
    ]

    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: Self.names, refused: ["key"])
        url = fields.address("url")
        voice = fields.line("voice", limit: 128)
        model = fields.line("model", limit: 128)
        language = fields.line("language", limit: 16)
        format = fields.line("format", limit: 64)
        player = fields.line("player", limit: 1_024)
        stability = fields.decimal("stability", in: 0...1)
        similarity = fields.decimal("similarity", in: 0...1)
        style = fields.decimal("style", in: 0...1)
        speakerBoost = fields.flag("speaker-boost")
        speed = fields.decimal("speed", in: 0.7...1.2)
        seed = fields.number("seed", in: 0...4_294_967_295)
        latency = fields.number("latency", in: 0...4)
        normalization = fields.choice("normalization")
        normalizesLanguage = fields.flag("language-normalization")
        usesInstantClone = fields.flag("instant-clone")
        logging = fields.flag("logging")
        dictionaries = fields.words("dictionaries", limit: 3)
        if fields.names.contains("key") {
            fields.fail(
                "key", "A key does not belong in this file.",
                advice: "Remove it and set ELEVENLABS_API_KEY in the environment instead.")
        }
    }
}
