import Assistants
import HTTPTypes
import Wire

/// `/v1/files`.
enum FileEndpoints {
    static let all: [Endpoint] = [
        Endpoint(.get, "/v1/files", needsBeta: false) { (exchange) throws(APIError) in
            let page = try await exchange.files().files(
                exchange.query.page(limit: 10_000, most: 10_000),
                purpose: exchange.query["purpose"], for: exchange.caller)
            return Answer(page, \.json)
        },
        Endpoint(.post, "/v1/files", needsBeta: false, takesForm: true) {
            (exchange) throws(APIError) in
            let made = try await exchange.files().createFile(
                exchange.upload(), for: exchange.caller)
            return Answer(made.json)
        },
        Endpoint(.get, "/v1/files/{file_id}", needsBeta: false) { (exchange) throws(APIError) in
            Answer(try await exchange.files().file(exchange.ids[0], for: exchange.caller).json)
        },
        Endpoint(.delete, "/v1/files/{file_id}", needsBeta: false) { (exchange) throws(APIError) in
            try await exchange.files().deleteFile(exchange.ids[0], for: exchange.caller)
            return .deleted(exchange.ids[0], "file")
        },
        Endpoint(.get, "/v1/files/{file_id}/content", needsBeta: false) {
            (exchange) throws(APIError) in
            let content = try await exchange.files().fileContent(
                exchange.ids[0], for: exchange.caller)
            let reader = ContentReader(content)
            var answer = Answer(
                status: 200, type: "application/octet-stream",
                PieceStream { try await reader.next() })
            answer.headers.append(
                (.contentDisposition, ContentDisposition.attachment(content.file.filename)))
            return answer
        },
    ]
}

extension Exchange {
    /// The service as one that keeps files.
    fileprivate func files() throws(APIError) -> any FileService {
        if let files = service as? any FileService { return files }
        throw APIError(status: 404, message: "This server keeps no files.")
    }

    /// The file of a form, as it is to be kept.
    fileprivate func upload() throws(APIError) -> FileUpload {
        guard let form, let path = form.path, let filename = form.filename else {
            throw RequestFault.missing("file")
        }
        guard let purpose = form.fields["purpose"] else { throw RequestFault.missing("purpose") }
        var upload = FileUpload(
            path: path, filename: filename, purpose: purpose, isTemporary: true, sum: form.sum)
        for (name, value) in form.fields {
            switch name {
            case "purpose": break
            case "expires_after[anchor]":
                if value != "created_at" {
                    throw RequestFault.notSupported(
                        value, ["created_at"], at: "expires_after.anchor")
                }
            case "expires_after[seconds]":
                guard let seconds = Int(value) else {
                    throw RequestFault.wrongType(
                        at: "expires_after.seconds", expected: "an integer", got: "a string")
                }
                upload.expiresAfter = seconds
            default: throw RequestFault.unknown(name)
            }
        }
        return upload
    }
}

/// Reads what is in a file for whoever asks for its next piece.
///
/// An actor, because it keeps its place between two calls.
private actor ContentReader {
    private var content: FileContent.AsyncIterator

    init(_ content: FileContent) { self.content = content.makeAsyncIterator() }

    func next() async throws -> [UInt8]? {
        var iterator = content
        defer { content = iterator }
        return try await iterator.next()
    }
}
