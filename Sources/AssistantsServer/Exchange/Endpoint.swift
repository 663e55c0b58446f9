import Assistants
import HTTPTypes

/// One operation of the API: its method, its path, and what it does.
struct Endpoint: Sendable {
    /// What an endpoint does with a request.
    typealias Work = @Sendable (Exchange) async throws(APIError) -> Answer

    /// A part of a path: as it is, or anything, by the name that errors call it.
    enum Segment: Hashable, Sendable {
        case plain(String)
        case id(String)
    }

    let method: HTTPRequest.Method
    /// The path with its placeholders, such as `/v1/threads/{thread_id}`.
    let path: String
    let segments: [Segment]
    /// Whether the request must name the beta that it is part of.
    let needsBeta: Bool
    /// Whether the body is a form with a file, and not JSON.
    let takesForm: Bool
    let work: Work

    init(
        _ method: HTTPRequest.Method, _ path: String, needsBeta: Bool = true,
        takesForm: Bool = false, _ work: @escaping Work
    ) {
        self.method = method
        self.path = path
        self.needsBeta = needsBeta
        self.takesForm = takesForm
        self.work = work
        segments = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? .id(String(part.dropFirst().dropLast())) : .plain(String(part))
        }
    }

    /// What stands for the placeholders; nil for a path that is not this endpoint's.
    func ids(in parts: [String]) -> [String]? {
        guard parts.count == segments.count else { return nil }
        var ids: [String] = []
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .plain(let name): if name != part { return nil }
            case .id: ids.append(part)
            }
        }
        return ids
    }

    /// What an error is to be told as: an id that cannot be one is a wrong value, not a miss.
    func explained(_ error: APIError, ids: [String]) -> APIError {
        guard error.status == 404, error.param == nil else { return error }
        let names = segments.compactMap { segment -> String? in
            if case .id(let name) = segment { name } else { nil }
        }
        for (name, id) in zip(names, ids) {
            guard let prefix = Self.prefixes[name], error.message.contains("'\(id)'"),
                !id.hasPrefix(prefix)
            else { continue }
            return .invalid(
                "Invalid '\(name)': '\(id)'. Expected an ID that begins with '\(prefix)'.",
                param: name, code: "invalid_value")
        }
        return error
    }

    private static let prefixes = [
        "assistant_id": "asst", "thread_id": "thread", "message_id": "msg", "run_id": "run",
        "step_id": "step", "vector_store_id": "vs", "batch_id": "vsfb",
    ]
}

/// Every endpoint, and which of them a request means.
struct EndpointTable: Sendable {
    /// What a method and a path are.
    enum Match {
        case found(Endpoint, ids: [String])
        /// The path is there, for these methods.
        case wrongMethod(allowed: [String])
        case unknown
    }

    private let endpoints: [Int: [Endpoint]]

    init(_ endpoints: [Endpoint]) {
        // Fixed paths first: `/v1/threads/runs` is not the thread `runs`.
        self.endpoints = Dictionary(grouping: endpoints, by: \.segments.count).mapValues { group in
            group.sorted { Self.placeholders($0) < Self.placeholders($1) }
        }
    }

    func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        guard path.hasPrefix("/") else { return .unknown }
        var parts: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = PercentText.decodedPart(part) else { return .unknown }
            parts.append(decoded)
        }
        if parts.last == "" { parts.removeLast() }
        if parts.contains("") { return .unknown }
        var allowed: [String] = []
        for endpoint in endpoints[parts.count] ?? [] {
            guard let ids = endpoint.ids(in: parts) else { continue }
            if endpoint.method == method { return .found(endpoint, ids: ids) }
            allowed.append(endpoint.method.rawValue)
        }
        return allowed.isEmpty ? .unknown : .wrongMethod(allowed: allowed)
    }

    private static func placeholders(_ endpoint: Endpoint) -> Int {
        endpoint.segments.count { if case .id = $0 { true } else { false } }
    }
}
