import Assistants
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Wire

/// Answers the requests of all connections.
struct RequestHandler: Sendable {
    let place: @Sendable () async throws(APIError) -> ServicePlace
    /// What the process does for others of the same person.
    let host: (any EngineHosting & SavedImporting)?
    let authenticate: Authenticator
    let settings: ServerSettings
    let endpoints: EndpointTable
    let access: AccessRules
    let streams: OpenStreams
    let recent: RecentRequests
    let feed: EventFeed?
    let metrics: ServerMetrics
    let logger: Logger

    /// Answers one request, and says in the log and the metrics how it went.
    ///
    /// Throws only what has broken the connection.
    @concurrent func respond(
        to request: Request, with writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        var record = RequestRecord(method: request.method.rawValue)
        metrics.begin()
        defer {
            metrics.end(record)
            record.log(logger)
        }
        let answer = try await answer(request, &record, writer)
        record.status = answer.status
        let head = head(of: answer, to: request, record)
        switch answer.body {
        case .bytes(let bytes):
            record.sentBytes = bytes.count
            let isWanted = request.method != .head
            let body = isWanted ? ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)) : .init()
            try await writer.write(response: head, body: body)
        case .log(let log):
            let sender = StreamSender(streams: streams, limits: settings.limits, channel: channel)
            record.sentBytes = try await sender.send(
                log, keeps: request.method == .post, under: head, to: writer)
        case .events(let events, let encoder):
            let log = StreamLog(events, encoder, firstText: {})
            let sender = StreamSender(streams: streams, limits: settings.limits, channel: channel)
            record.sentBytes = try await sender.send(
                log, keeps: request.method == .post, under: head, to: writer)
        case .pieces(let pieces):
            let sender = StreamSender(streams: streams, limits: settings.limits, channel: channel)
            record.sentBytes = try await sender.send(pieces, under: head, to: writer)
        }
    }

    @concurrent private func answer(
        _ request: Request, _ record: inout RequestRecord, _ writer: borrowing ResponseWriter
    ) async throws -> Answer {
        do {
            if let refusal = access.refusal(of: request.head) { throw refusal }
            let parts = (request.head.path ?? "").split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts.first ?? ""
            if path == "/healthz" {
                record.route = "/healthz"
                return Answer(["status": "ok", "server": "switchboard"])
            }
            let service: any AssistantsService
            switch try await place() {
            case .here(let own): service = own
            case .elsewhere(let relay):
                return try await pass(request, path: path, to: relay, &record, writer)
            }
            let caller = try await caller(of: request)
            record.caller = caller
            if path == "/metrics", request.method == .get {
                record.route = "/metrics"
                let runs = try await (service as? any RunCounting)?.activeRunCounts() ?? [:]
                return Answer(
                    metrics.text(streams: streams.count, runs: runs), type: ServerMetrics.type)
            }
            let (endpoint, ids) = try find(request.method, path)
            record.route = endpoint.path
            try check(request, for: endpoint)
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            let form = endpoint.takesForm ? try await self.form(of: request, service) : nil
            let body =
                endpoint.takesForm
                ? [] : try await self.body(of: request, limit: settings.limits.bodyBytes)
            record.hasReadBody = true
            let exchange = Exchange(
                service: service, caller: caller, ids: ids,
                query: Query(parts.count > 1 ? parts[1] : ""), headers: request.headers,
                body: body, form: form, feed: feed, host: host)
            return try await carryOut(exchange, at: endpoint, as: request, since: record.start)
        } catch let error as APIError {
            return Answer(error)
        }
    }

    private func carryOut(
        _ exchange: Exchange, at endpoint: Endpoint, as request: Request,
        since start: ContinuousClock.Instant
    ) async throws(APIError) -> Answer {
        if request.method != .post { return await work(exchange, at: endpoint, since: start) }
        let print = RequestPrint(
            caller: exchange.caller, target: "POST " + (request.head.path ?? ""),
            bodyHash: exchange.form?.hash ?? Hash.sha256(exchange.body),
            key: request.headers[.idempotencyKey])
        let retries = request.headers[.retryCount].flatMap { Int($0) } ?? 0
        var keyed: KeyedRequest?
        if let key = request.headers[.idempotencyKey],
            let keeper = exchange.service as? any AnswerKeeping
        {
            keyed = try KeyedRequest(
                key: key, project: exchange.caller.project, target: print.target,
                bodyHash: print.bodyHash, keeper: keeper,
                isOfEarlierStart: retries > 0 && isOfEarlierStart(request))
        }
        return await recent.answer(print, isRetry: retries > 0) {
            guard let keyed else { return await work(exchange, at: endpoint, since: start) }
            do throws(APIError) {
                return try await keyed.answer { await work(exchange, at: endpoint, since: start) }
            } catch {
                return Answer(error)
            }
        }
    }

    /// Whether a request names a cursor that another start of the server gave it.
    private func isOfEarlierStart(_ request: Request) -> Bool {
        guard let cursor = request.headers[.cursor], cursor.contains(".") else { return false }
        return feed?.gave(cursor) != true
    }

    private func work(
        _ exchange: Exchange, at endpoint: Endpoint, since start: ContinuousClock.Instant
    ) async -> Answer {
        do throws(APIError) {
            // Taken before anything happens, so that nothing of the run lies before it.
            let cursor = exchange.headers[.cursor] == nil ? nil : feed?.cursor
            var answer = try await endpoint.work(exchange)
            if let cursor { answer.headers.append((.cursor, cursor)) }
            if case .events(let events, let encoder) = answer.body {
                let log = StreamLog(events, encoder) { [metrics] in
                    metrics.noteFirstToken(after: start.duration(to: .now))
                }
                answer.body = .log(log)
            }
            return answer
        } catch {
            return Answer(endpoint.explained(error, ids: exchange.ids))
        }
    }

    // MARK: - Who and what

    private func caller(of request: Request) async throws(APIError) -> Caller {
        let key = Credentials.key(in: request.headers)
        if let caller = try await authenticate(key) { return caller }
        throw key == nil ? Credentials.missing : Credentials.wrong
    }

    func find(
        _ method: HTTPRequest.Method, _ path: Substring
    ) throws(APIError) -> (Endpoint, [String]) {
        switch endpoints.match(method, path) {
        case .found(let endpoint, let ids): return (endpoint, ids)
        case .wrongMethod:
            throw APIError(
                status: 405, code: "method_not_supported",
                message: "Not allowed to \(method.rawValue) on \(path.prefix(200)). (HINT: Perhaps "
                    + "you meant to use a different HTTP method?)")
        case .unknown:
            throw APIError(
                status: 404, message: "Invalid URL (\(method.rawValue) \(path.prefix(200)))")
        }
    }

    private func check(_ request: Request, for endpoint: Endpoint) throws(APIError) {
        if endpoint.needsBeta, request.headers[.beta]?.contains("assistants=v2") != true {
            throw .invalid(
                "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please "
                    + "try again by setting the header 'OpenAI-Beta: assistants=v2'.",
                code: "invalid_beta")
        }
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw APIError(
                status: 415, message: "Send the body as it is: packed ones are not unpacked here.")
        }
        guard request.announcesBody, !endpoint.takesForm else { return }
        let type = request.headers[.contentType]?.lowercased() ?? ""
        if !type.hasPrefix(Answer.json) {
            throw APIError(
                status: 415,
                message: "Send JSON, with the header 'Content-Type: application/json'.")
        }
    }

    func body(of request: Request, limit: Int) async throws -> [UInt8] {
        if let length = request.announcedLength, length > limit { throw Self.tooLarge(limit) }
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            if bytes.count + buffer.readableBytes > limit { throw Self.tooLarge(limit) }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    private func form(
        of request: Request, _ service: any AssistantsService
    ) async throws -> Form {
        let limit = settings.limits.fileBytes
        // The form is a little larger than its file.
        if let length = request.announcedLength, length - (1 << 20) > limit {
            throw FormReader.tooLarge(limit)
        }
        let folder = (service as? any FileService)?.uploadFolder ?? "/tmp"
        let reader = try FormReader(
            type: request.headers[.contentType] ?? "", folder: folder, limit: limit)
        return try await reader.read(request.body)
    }

    private static func tooLarge(_ limit: Int) -> APIError {
        APIError(
            status: 413, code: "request_too_large",
            message: "The request's body is larger than the \(limit) bytes that are taken here.")
    }

    // MARK: - The head

    private func head(
        of answer: Answer, to request: Request, _ record: RequestRecord
    ) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = answer.contentType
        if case .bytes(let bytes) = answer.body { fields[.contentLength] = "\(bytes.count)" }
        if answer.contentType == Answer.eventStream {
            fields[.cacheControl] = "no-cache"
            fields[.buffering] = "no"
        }
        fields[.server] = "switchboard"
        fields[.apiVersion] = "2020-10-01"
        fields[.processing] = "\(record.start.duration(to: .now).milliseconds)"
        fields[.requestID] = record.requestID
        fields[.contentSniffing] = "nosniff"
        fields[.date] = HTTPDate.now
        for (name, value) in answer.headers { fields[name] = value }
        // What is left of a body that nobody wants would be read to its end.
        if !record.hasReadBody, request.announcesBody { fields[.connection] = "close" }
        return HTTPResponse(status: .init(code: answer.status), headerFields: fields)
    }
}

extension Request {
    /// The length that the body is said to have; nil where nothing is said.
    fileprivate var announcedLength: Int? { headers[.contentLength].flatMap { Int($0) } }

    /// Whether a body follows the head.
    fileprivate var announcesBody: Bool {
        headers[.transferEncoding] != nil || (announcedLength ?? 0) > 0
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }

    /// Seconds with their fraction.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension Caller {
    /// The project whose objects the caller makes.
    var project: Project.ID {
        switch self {
        case .trusted: Self.localProject
        case .project(let project): project
        }
    }
}
