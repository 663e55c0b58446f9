public import Assistants
import FoundationEssentials
public import Transport

/// A client of the Assistants API v2, for any server that speaks it.
///
/// ```swift
/// let client = try AssistantsClient()
/// let thread = try await client.threads.create(messages: [MessageRequest("3x + 11 = 14?")])
/// try await client.withRunStream(on: thread.id, assistant: "asst_…") { stream in
///     for try await text in stream.textDeltas { print(text, terminator: "") }
/// }
/// ```
///
/// Requests that fail for a passing reason are sent again as `retries` says, and never so that
/// something could be created twice: see `marksCreations`. A value that any number of tasks may
/// use; copies share their connections.
public struct AssistantsClient: Sendable {
    let api: ForeignService

    /// A client of the server at an address.
    ///
    /// - Parameters:
    ///   - baseURL: Where the API is, with its `/v1`.
    ///   - key: The bearer key; nil sends none.
    ///   - organization: Sent as `OpenAI-Organization`, where given.
    ///   - project: Sent as `OpenAI-Project`, where given.
    ///   - timeouts: How long is waited for what.
    ///   - retries: Which requests are sent again, and when.
    ///   - marksCreations: Whether messages and runs get a name under `client_id` in their
    ///     metadata. Where an answer got lost, what it told of is found by that name. Without it,
    ///     or with 16 pairs of metadata already, such a request fails rather than being sent
    ///     twice. Nothing is marked for a Switchboard server, which knows a repeated request.
    ///   - transport: What sends requests; the default keeps connections open.
    public init(
        baseURL: String, key: String?, organization: String? = nil, project: String? = nil,
        timeouts: Timeouts = Timeouts(), retries: RetryPolicy = RetryPolicy(),
        marksCreations: Bool = true, transport: any HTTPTransport = AsyncHTTPTransport.shared
    ) {
        var connection = RemoteConnection(
            baseURL: baseURL, key: key, transport: transport, timeouts: timeouts, retries: retries)
        if let organization { connection.headers.append(("OpenAI-Organization", organization)) }
        if let project { connection.headers.append(("OpenAI-Project", project)) }
        connection.marksCreations = marksCreations
        self.init(connection)
    }

    /// A client as the environment says (the process's own unless another is given):
    /// `OPENAI_BASE_URL`, else OpenAI's own address, `OPENAI_API_KEY`, `OPENAI_ORG_ID` and
    /// `OPENAI_PROJECT_ID`, as the SDKs read them.
    ///
    /// - Throws: `APIError` where there is no key.
    public init(environment: [String: String]? = nil) throws(APIError) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        guard let key = environment["OPENAI_API_KEY"], !key.isEmpty else {
            throw APIError(
                status: 401, code: "missing_key",
                message: "There is no key. Set OPENAI_API_KEY, or give one to AssistantsClient.")
        }
        let url = environment["OPENAI_BASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            baseURL: url ?? "https://api.openai.com/v1", key: key,
            organization: environment["OPENAI_ORG_ID"], project: environment["OPENAI_PROJECT_ID"])
    }

    package init(_ connection: RemoteConnection) { api = ForeignService(connection) }

    /// The operations as the protocol that the engine has too.
    public var service: any AssistantsService { api }

    /// Assistants: `client.assistants.create(…)`.
    public var assistants: Assistants { Assistants(api: api) }
    /// Threads, their messages and runs: `client.threads.messages.create(…)`.
    public var threads: Threads { Threads(api: api) }
    /// Vector stores, their files and batches of files.
    public var vectorStores: VectorStores { VectorStores(api: api) }
    /// Files.
    public var files: Files { Files(api: api) }
}
