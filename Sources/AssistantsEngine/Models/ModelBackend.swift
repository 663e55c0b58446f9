package import Assistants
package import Wire

/// Something that answers: a model behind a server, or one built in.
package protocol ModelBackend: Sendable {
    /// Which model answers and where it runs.
    var info: ModelInfo { get }

    /// Starts one model call. Cancelling the task that reads the stream ends the call at once.
    func stream(_ request: ModelRequest) async throws(ModelError) -> ModelEventStream
}

/// What a model is asked, in one call.
package struct ModelRequest: Hashable, Sendable {
    /// The model's name as its server knows it.
    package var model: String
    /// Everything the model is told before the conversation; empty for none.
    package var instructions: String = ""
    package var messages: [ModelMessage] = []
    package var tools: [Tool] = []
    package var toolChoice: ToolChoice = .auto
    package var allowsParallelToolCalls = true
    package var temperature: Double?
    package var topP: Double?
    package var reasoningEffort: String?
    package var maxCompletionTokens: Int?
    /// `"auto"` or an object.
    package var responseFormat: JSONValue = "auto"

    /// Makes a request; everything else can be set after.
    package init(model: String) {
        self.model = model
    }
}

/// One message of the conversation as a model sees it.
package enum ModelMessage: Hashable, Sendable {
    case user([MessageContent])
    /// What the assistant wrote, the tools it called after, and what it wants back with them.
    case assistant(text: String, toolCalls: [ToolCall], kept: [JSONValue] = [])
    /// What came of a tool call.
    case tool(callID: String, output: String)
}

/// A piece of a model's answer.
package enum ModelEvent: Hashable, Sendable {
    case reasoning(String)
    case text(String)
    case refusal(String)
    /// A piece of a tool call: the id and name come with the first, arguments grow as JSON text.
    /// The index counts the calls of one answer from 0.
    case toolCall(index: Int, id: String?, name: String?, arguments: String)
    /// What the model wants back with the calls of its answer; nobody else can read it.
    case kept(JSONValue)
    case usage(Usage)
    case finished(ModelFinish)
}

/// Why a model stopped.
package enum ModelFinish: Hashable, Sendable {
    case stop, length, toolCalls, contentFilter
}

/// Why a model call failed.
package struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it was.
    package enum Kind: Hashable, Sendable {
        /// Nobody listens at the address, or the connection was cut.
        case unreachable
        case rateLimited
        /// The request does not fit; how many tokens it had and how many fit, where known.
        case contextOverflow(prompt: Int?, context: Int?)
        /// The server refused: a wrong key, an unknown model, a bad parameter.
        case refused
        case server
        case cancelled
    }

    package var kind: Kind
    /// A sentence for a person: what was attempted, what happened, what to do.
    package var message: String

    /// Makes an error.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    package var description: String { message }
}

/// The pieces of one answer, as they come; ends after `.finished`, or throws `ModelError`.
package struct ModelEventStream: AsyncSequence, Sendable {
    package typealias Element = ModelEvent
    package typealias Failure = any Error

    private let nextEvent: @Sendable () async throws -> ModelEvent?
    /// How the stream goes, where it comes over a network.
    package let health: @Sendable () -> StreamHealth?

    /// Makes a stream from a source that gives nil at its end.
    package init(
        health: @escaping @Sendable () -> StreamHealth? = { nil },
        _ nextEvent: @escaping @Sendable () async throws -> ModelEvent?
    ) {
        self.health = health
        self.nextEvent = nextEvent
    }

    /// How the stream went, where that was not well.
    package var trouble: StreamHealth? { health().flatMap { $0.isWell ? nil : $0 } }

    /// Iterates; a stream has one reader.
    package func makeAsyncIterator() -> Iterator { Iterator(nextEvent: nextEvent) }

    /// Gives one piece after the other.
    package struct Iterator: AsyncIteratorProtocol {
        let nextEvent: @Sendable () async throws -> ModelEvent?

        /// The next piece, or nil at the end.
        package mutating func next() async throws -> ModelEvent? { try await nextEvent() }
    }
}
