package import Transport

/// Why something was not spoken.
package struct SpeechError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, for programs.
    package enum Kind: Hashable, Sendable {
        /// No key is set, or it cannot be one.
        case noKey
        /// The service does not know the key.
        case invalidKey
        /// The key may not do this.
        case notAllowed
        /// The account's characters are used up.
        case quota
        /// There is no such voice.
        case voiceNotFound
        /// The account may not have sound in this format.
        case formatNotAllowed
        /// The text is too long for the model.
        case textTooLong
        /// Too many requests in a while.
        case rateLimit
        /// Too many requests at once.
        case tooManyAtOnce
        /// A field has a value that is not allowed.
        case invalid
        /// No program is there that plays sound.
        case noPlayer
        /// The player ended before it had played everything.
        case player
        /// The file could not be written.
        case file
        /// The service cannot be reached, or the connection ended too soon.
        case connection(TransportError.Code)
        /// The service answered something else than sound.
        case notAudio
        /// Any other refusal, by its status.
        case refused(status: Int)
        /// It was stopped.
        case stopped
    }

    /// What happened, for programs.
    package var kind: Kind
    /// One sentence or two: what happened, what to do.
    package var message: String

    /// Creates an error.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    package var description: String { message }

    /// Why no request was made of an account.
    package static let noKey = SpeechError(
        .noKey, "Speech needs a key: export ELEVENLABS_API_KEY=…")
    /// It was stopped.
    package static let stopped = SpeechError(.stopped, "Speaking was stopped.")

    /// A field that has a value that is not allowed.
    static func invalid(_ name: String, _ value: String, _ allowed: String) -> SpeechError {
        SpeechError(.invalid, "\(name) is \(value). Allowed: \(allowed).")
    }

    /// What the transport said.
    init(_ error: TransportError) {
        if error.code == .cancelled {
            self = .stopped
        } else {
            self.init(.connection(error.code), error.description)
        }
    }
}
