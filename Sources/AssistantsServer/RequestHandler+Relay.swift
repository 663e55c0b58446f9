import Assistants
import HTTPTypes
import HummingbirdCore

// Requests that another process answers.
extension RequestHandler {
    /// The most bytes of an upload that are passed on; the whole of it is in memory meanwhile.
    private static let longestBody = 64 << 20

    /// Passes a request on, whose key says there whose it is. Without one it would be the trusted
    /// person's, so it goes no further.
    @concurrent func pass(
        _ request: Request, path: Substring, to relay: RequestRelay, _ record: inout RequestRecord,
        _ writer: borrowing ResponseWriter
    ) async throws -> Answer {
        guard Credentials.key(in: request.headers) != nil else { throw Credentials.missing }
        var limit = settings.limits.bodyBytes
        if path != "/metrics" {
            let (endpoint, _) = try find(request.method, path)
            record.route = endpoint.path
            if endpoint.takesForm { limit = Self.longestBody }
        }
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let body = try await body(of: request, limit: limit)
        record.hasReadBody = true
        let reply = try await relay.send(
            RequestRelay.Request(
                method: request.method.rawValue, target: request.head.path ?? "/",
                headers: request.headers.filter { !Self.ownFields.contains($0.name) }.map {
                    ($0.name.rawName, $0.value)
                }, body: body))
        return Answer(reply)
    }

    /// What concerns one connection alone.
    fileprivate static let ownFields: Set<HTTPField.Name> = [
        .connection, .contentLength, .date, .expect, .transferEncoding, .trailer, .te, .upgrade,
    ]
}

extension Answer {
    fileprivate init(_ reply: RequestRelay.Reply) {
        self.init(status: reply.status, type: Self.json, PieceStream(next: reply.next))
        for (name, value) in reply.headers {
            guard let name = HTTPField.Name(name), !RequestHandler.ownFields.contains(name) else {
                continue
            }
            if name == .contentType { contentType = value } else { headers.append((name, value)) }
        }
    }
}
