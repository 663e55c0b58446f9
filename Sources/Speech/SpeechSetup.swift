package import Transport

/// Everything that is needed to speak: the service, the voice, the format and the player.
package struct SpeechSetup: Sendable {
    /// The voice when nobody chose one: one that every account has.
    package static let standardVoice = "JBFqnCBsd6RMkjVDRZzb"
    /// The model when nobody chose one: the fastest.
    package static let standardModel = "eleven_flash_v2_5"

    /// The address of the service without a path.
    package var url = SpeechClient.standardURL
    /// The key; nil where none is set.
    package var key: String?
    /// What every request has in common.
    package var request = SpeechRequest(voice: standardVoice, text: "")
    /// The format that was chosen; nil for the best that can be played.
    package var format: AudioFormat?
    /// The player that was chosen; nil for the first that is there.
    package var player: Player?
    /// How requests are sent.
    package var transport: any HTTPTransport

    /// The usual, without a key.
    package init(transport: any HTTPTransport) {
        self.transport = transport
        request.model = Self.standardModel
    }

    /// The service.
    /// - Throws: `SpeechError` of kind `noKey`.
    package func client() throws(SpeechError) -> SpeechClient {
        try SpeechClient(baseURL: url, key: key, transport: transport)
    }

    /// Says before anything is sent what is missing or not allowed: the key, a value, a player.
    /// - Throws: The first of it.
    package func check() throws(SpeechError) {
        _ = try client()
        var request = request
        request.text = "."
        try request.check()
        if player == nil { _ = try Player.find(for: playedFormats) }
    }

    /// Speaks a text through the player, also while it is still being written.
    @discardableResult
    package func play(_ text: SpokenText) async throws(SpeechError) -> Speaker.Spoken {
        var formats = playedFormats
        if player == nil {
            formats = formats.filter { (try? Player.find(for: [$0])) != nil }
            if formats.isEmpty { _ = try Player.find(for: playedFormats) }
        }
        let speaker = Speaker(try client(), request: request, formats: formats)
        return try await speaker.speak(text) { format throws(SpeechError) in
            let found = if let player { player } else { try Player.find(for: [format]).player }
            return try PlayingProgram(await found.adapted())
        }
    }

    /// Speaks a text into a file; `-` is standard output.
    @discardableResult
    package func write(
        _ text: SpokenText, to path: String
    ) async throws(SpeechError) -> Speaker.Spoken {
        let speaker = Speaker(try client(), request: request, formats: [format ?? .compressed])
        return try await speaker.speak(text) { _ throws(SpeechError) in try AudioFile(path) }
    }

    /// What the player may get, the best first. A chosen player gets what it was chosen for.
    package var playedFormats: [AudioFormat] {
        if let format { return [format] }
        return player == nil ? [.raw, .compressed] : [.raw]
    }
}
