/// A service that passes requests of the models' own API on to the server that has the model.
public protocol ModelGateway: Sendable {
    /// Passes a request on and gives back what the model's server answers, as it comes.
    func passOn(
        _ request: ModelAPIRequest, for caller: Caller
    ) async throws(APIError) -> ModelAPIAnswer
}

/// A request of the models' own API.
public struct ModelAPIRequest: Hashable, Sendable {
    /// What is asked for.
    public enum Operation: String, Hashable, Sendable {
        case chatCompletion = "/chat/completions"
        case embedding = "/embeddings"
    }

    public var operation: Operation
    /// The model that the body names; empty where it names none.
    public var model: String
    /// The body as it came: a JSON object.
    public var body: [UInt8]

    /// Makes a request.
    public init(operation: Operation, model: String, body: [UInt8]) {
        self.operation = operation
        self.model = model
        self.body = body
    }
}

/// What a model's server answered.
public struct ModelAPIAnswer: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The value of `Content-Type`.
    public var contentType: String
    /// Gives the body's bytes in order, and nil at their end.
    public var next: @Sendable () async throws -> [UInt8]?

    /// Makes an answer.
    public init(
        status: Int, contentType: String, next: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        self.status = status
        self.contentType = contentType
        self.next = next
    }
}
