package import Assistants

/// Knows which model answers for a name.
package protocol ModelResolving: Sendable {
    /// The backend that answers for an assistant's or a run's model now.
    ///
    /// A name that is not to be had is answered by the default model or is an error, as the
    /// implementation decides; the backend's `info` says which model it really is.
    func backend(for model: String) async throws(ModelError) -> any ModelBackend

    /// The models that can be used now, the default first.
    func models() async -> [ModelInfo]
}
