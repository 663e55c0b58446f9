package import Assistants

/// Finds who answers: the models there are, in the order in which they are preferred.
package protocol ModelResolving: Sendable {
    /// Who answers for a model's name, as an assistant or a run gives it; empty for the default.
    ///
    /// Asked once for each run, when it starts. Throws when nobody answers for it, in a sentence
    /// that a person can act on.
    func backend(for model: String) async throws(ModelError) -> any ModelBackend

    /// The models that can be used now, the default first.
    func models() async -> [ModelInfo]
}

/// No model at all, for commands that only read.
package struct NoModels: ModelResolving {
    /// Makes it.
    package init() {}

    package func backend(for model: String) async throws(ModelError) -> any ModelBackend {
        throw ModelError(.unreachable, "No model can answer here: the data was opened to read.")
    }

    package func models() async -> [ModelInfo] { [] }
}
