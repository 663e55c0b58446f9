/// Where sound goes: a player, or a file.
package protocol AudioSink: Sendable {
    /// Hands over bytes; returns once they were taken.
    func write(_ bytes: [UInt8]) async throws(SpeechError)
    /// All was written; returns once it was played or stored.
    func finish() async throws(SpeechError)
    /// Ends at once, in the middle of a sound. Does nothing after the end.
    func stop()
}
