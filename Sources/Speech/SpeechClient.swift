package import Transport
import Wire

/// The service that speaks: where it is, and the key to it.
package struct SpeechClient: Sendable {
    /// The address of the service without a path.
    package static let standardURL = "https://api.elevenlabs.io"

    private let baseURL: String
    private let key: String
    private let transport: any HTTPTransport

    /// Silence after which an answer counts as broken off.
    private static let patience = Duration.seconds(30)

    /// A client of the service at `baseURL`.
    /// - Throws: `noKey` when there is no key, or it cannot be one.
    package init(
        baseURL: String = standardURL, key: String?, transport: any HTTPTransport
    ) throws(SpeechError) {
        guard let key, !key.isEmpty else { throw .noKey }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), key.utf8.count <= 512 else {
            throw SpeechError(.noKey, "ELEVENLABS_API_KEY holds signs that no key has.")
        }
        var url = baseURL
        while url.last == "/" { url.removeLast() }
        self.baseURL = url
        self.key = key
        self.transport = transport
    }

    /// Sends a request; the answer's sound has not been read when this returns.
    ///
    /// Cancelling the task, or dropping the answer, closes the connection.
    /// - Throws: `invalid` before anything is sent, and whatever the service refuses with.
    package func speak(_ request: SpeechRequest) async throws(SpeechError) -> SpeechAnswer {
        try request.check()
        let response = try await send("POST", request.target, request.body)
        let type = (response.header("content-type") ?? "").lowercased()
        // A page of a proxy is not to be heard.
        if type.hasPrefix("text/") || type.hasPrefix("application/json") {
            response.body.cancel()
            throw SpeechError(
                .notAudio, "The speech service answered \(type.prefix(60)) in place of sound.")
        }
        return SpeechAnswer(requestID: response.header("request-id"), audio: response.body)
    }

    /// The voices of the account.
    /// - Throws: Whatever the service refuses with.
    package func voices() async throws(SpeechError) -> [VoiceInfo] {
        var voices: [VoiceInfo] = []
        var token: String?
        // A thousand voices are more than a person can choose from.
        for _ in 0..<10 {
            let page = token.map { "&next_page_token=" + $0 } ?? ""
            let response = try await send("GET", "/v2/voices?page_size=100" + page, [])
            let bytes: [UInt8]
            do throws(TransportError) {
                bytes = try await response.body.collect(upTo: 8 << 20)
            } catch {
                throw SpeechError(error)
            }
            let list = try? JSONValue(parsing: bytes)
            guard let entries = list?["voices"]?.arrayValue else {
                throw SpeechError(.notAudio, "The speech service answered no list of voices.")
            }
            voices += entries.compactMap(VoiceInfo.init)
            token = list?["next_page_token"]?.stringValue
            guard list?["has_more"]?.boolValue == true, let next = token,
                next.utf8.count <= 512, next.utf8.allSatisfy(\.isPlain)
            else { break }
        }
        return voices
    }

    private func send(
        _ method: String, _ target: String, _ body: [UInt8]
    ) async throws(SpeechError) -> HTTPResponse {
        var request = HTTPRequest(
            method: method, url: baseURL + target, headers: [("xi-api-key", key)], body: body,
            firstByteTimeout: Self.patience, silenceTimeout: Self.patience)
        if !body.isEmpty { request.headers.append(("content-type", "application/json")) }
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw SpeechError(error)
        }
        if response.isSuccess { return response }
        let body = await response.body.prefix(bytes: 64 * 1024)
        // A service that repeats the key does not get it shown, nor what is left of it when the
        // text is shortened.
        var text = String(decoding: body, as: UTF8.self)
        // A shorter one is no secret, and would take words apart.
        if key.utf8.count >= 4 { text = text.replacing(key, with: "…") }
        throw SpeechError(status: response.status, body: Array(text.utf8))
    }
}

/// The answer to a request: sound that is still coming.
package struct SpeechAnswer: Sendable {
    /// Names the request to those that come after; nil where the service gave none.
    package var requestID: String?
    /// The sound, as it comes.
    package var audio: HTTPBody
}

/// One voice of an account.
package struct VoiceInfo: Hashable, Sendable {
    /// What requests name it by.
    package var id: String
    /// What people call it.
    package var name: String
    /// Where it comes from, such as `premade` or `cloned`.
    package var category: String
    /// Its language, accent and the like, as far as the service tells.
    package var labels: [String]

    init?(_ json: JSONValue) {
        guard let id = json["voice_id"]?.stringValue else { return nil }
        self.id = id
        name = json["name"]?.stringValue ?? ""
        category = json["category"]?.stringValue ?? ""
        let labels = json["labels"]?.objectValue
        self.labels = ["language", "accent", "gender", "age", "use_case"].compactMap {
            labels?[$0]?.stringValue
        }
    }
}
