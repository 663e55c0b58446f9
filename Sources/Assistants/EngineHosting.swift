/// A process that runs the engine for others, and can let go of it.
public protocol EngineHosting: Sendable {
    /// Lets go of the engine, once no run is at work, so that whoever asks can run it.
    ///
    /// - Throws: `APIError` with status 400 where the process must keep it.
    func handOver() async throws(APIError)
}
