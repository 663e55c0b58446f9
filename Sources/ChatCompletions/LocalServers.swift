public import Transport

/// Looks for model servers on this machine.
public struct LocalServers: Sendable {
    /// Where they listen unless told otherwise: Ollama, LM Studio, llama.cpp, vLLM, LiteLLM and
    /// four ports that others use. A port says nothing about who answers.
    public static let usualPorts = [11434, 1234, 8080, 8000, 4000, 5000, 5001, 1337, 8081]

    /// The usual addresses.
    public static let usualAddresses = usualPorts.map { "http://127.0.0.1:\($0)/v1" }

    /// The addresses that are asked, in the order of preference.
    public var addresses: [String]
    /// Sends the questions.
    public var transport: any HTTPTransport
    /// So long each question may take.
    public var timeout: Duration

    /// Creates a search.
    public init(
        addresses: [String] = Self.usualAddresses,
        transport: any HTTPTransport = AsyncHTTPTransport.shared,
        timeout: Duration = ModelServerProbe.questionTimeout
    ) {
        self.addresses = addresses
        self.transport = transport
        self.timeout = timeout
    }

    /// The servers that were found, in the order of `addresses`; all addresses are asked at once.
    ///
    /// This program's own server is among them, so that it can be named; `models` of it is empty.
    public func find() async -> [ModelServer] {
        await withTaskGroup(of: (Int, ModelServer?).self) { group in
            for (index, address) in addresses.enumerated() {
                let client = ChatCompletionsClient(baseURL: address, transport: transport)
                let probe = ModelServerProbe(client: client, timeout: timeout)
                group.addTask { (index, await probe.server()) }
            }
            var found: [(Int, ModelServer)] = []
            for await (index, server) in group {
                if let server { found.append((index, server)) }
            }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
