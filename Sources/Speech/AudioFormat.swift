/// A format that the service answers in, by its name there: codec, samples a second, and for
/// compressed sound thousands of bits a second.
///
/// The names are those of `output_format` in the service's API.
package struct AudioFormat: Hashable, Sendable, CustomStringConvertible {
    /// How sound becomes bytes.
    package enum Codec: String, Sendable {
        case mp3, pcm, ulaw, alaw, opus
    }

    /// The name, such as `mp3_44100_128`.
    package let name: String
    /// The codec. `pcm` is 16 bit, little-endian; all are mono.
    package let codec: Codec
    /// Samples a second.
    package let rate: Int

    /// The names that there are.
    package static let names = [
        "mp3_22050_32", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128",
        "mp3_44100_192", "pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100",
        "ulaw_8000", "alaw_8000", "opus_48000_32", "opus_48000_64", "opus_48000_96",
        "opus_48000_128", "opus_48000_192",
    ]

    /// What one long-lived player takes without gaps.
    package static let raw = AudioFormat(name: "pcm_24000", codec: .pcm, rate: 24_000)
    /// What every kind of account may have, and what files hold.
    package static let compressed = AudioFormat(name: "mp3_44100_128", codec: .mp3, rate: 44_100)

    /// The format of a name; nil when there is none.
    package init?(_ name: String) {
        let parts = name.split(separator: "_")
        guard Self.names.contains(name), parts.count > 1,
            let codec = Codec(rawValue: "\(parts[0])"),
            let rate = Int(parts[1])
        else { return nil }
        self.init(name: name, codec: codec, rate: rate)
    }

    private init(name: String, codec: Codec, rate: Int) {
        self.name = name
        self.codec = codec
        self.rate = rate
    }

    /// The name.
    package var description: String { name }
}
