package import Assistants
import Wire

/// The built-in assistant's model: it answers from the manual alone, by extracts with citations.
///
/// No language model. The first call of a run asks for a file search with the question; the second
/// quotes what was found. Greetings and questions off the subject get an honest reply.
package struct GuideBackend: ModelBackend {
    /// The name under which assistants ask for it.
    package static let modelName = "guide"
    /// The assistant that is there from the start.
    package static let assistantID = "asst_guide"
    /// The vector store that stands for the manual.
    package static let manualStoreID = "vs_manual"

    package let info = ModelInfo(
        name: modelName, provider: "built in", host: "", isLocal: true)

    /// Makes the backend.
    package init() {}

    package func stream(_ request: ModelRequest) async throws(ModelError) -> ModelEventStream {
        let answer = GuideAnswer(to: request)
        let pieces = Pieces(answer.events)
        return ModelEventStream { await pieces.next() }
    }

    /// What the assistant is made of.
    package static var assistant: AssistantRequest {
        var request = AssistantRequest(
            model: modelName, name: "Guide",
            instructions: "Answers questions about Switchboard from its manual.",
            tools: [.fileSearch(options: [:])])
        request.description = "Built in. Quotes the manual; is no language model."
        request.toolResources = [
            "file_search": ["vector_store_ids": [.string(manualStoreID)]]
        ]
        return request
    }
}

/// Hands out prepared pieces; an actor, because a stream's closure is shared.
private actor Pieces {
    private var rest: ArraySlice<ModelEvent>

    init(_ events: [ModelEvent]) { rest = events[...] }

    func next() -> ModelEvent? { rest.popFirst() }
}
