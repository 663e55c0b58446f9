import Synchronization
package import Wire

/// A speech service on a loopback port: it answers as the documented one does, with sound whose
/// length and content come from the text, and keeps what it was asked.
///
/// The keys `bad`, `poor` and `small` and the voices `nobody`, `busy` and `endless` are refused or
/// answered in the ways that their names say.
package final class ScriptedVoice: Sendable {
    /// A request for speech that came.
    package struct Request: Sendable {
        /// The voice in the path.
        package let voice: String
        /// The query.
        package let query: String
        /// The body.
        package let json: JSONValue

        /// The text to speak.
        package var text: String { json["text"]?.stringValue ?? "" }
    }

    private final class Box: Sendable {
        let requests = Mutex<[Request]>([])
        let asked = AsyncStream<Void>.makeStream()
    }

    /// The server itself, for what happens on its connections.
    package let server: LoopbackServer
    private let box = Box()

    /// The requests for speech so far, in order.
    package var requests: [Request] { box.requests.withLock { $0 } }
    /// Waits until so many more requests for speech came.
    package func waitForRequests(_ count: Int = 1) async {
        var iterator = box.asked.stream.makeAsyncIterator()
        for _ in 0..<count { await iterator.next() }
    }

    /// The texts that were to be spoken, in order.
    package var texts: [String] { requests.map(\.text) }
    /// The address for `speech: url`.
    package var url: String { server.url }

    /// So many bytes of sound come for a character: 1 ms of `pcm_24000`.
    package static let bytesPerCharacter = 48

    /// The sound of a text: samples that say which text they belong to.
    package static func sound(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return [] }
        return (0..<(text.count * bytesPerCharacter)).map { bytes[$0 % bytes.count] }
    }

    /// Starts a service. `hold` says before which texts it waits for `server.step()`, with the
    /// first half of the sound sent.
    package init(hold: @escaping @Sendable (String) -> Bool = { _ in false }) throws {
        let box = box
        server = try LoopbackServer { request in
            Self.answer(request, box, hold)
        }
    }

    private static func answer(
        _ request: LoopbackServer.Request, _ box: Box, _ hold: (String) -> Bool
    ) -> [LoopbackServer.Step] {
        let parts = request.path.split(separator: "?", maxSplits: 1).map(String.init)
        let path = parts[0].split(separator: "/").map(String.init)
        let json = (try? JSONValue(parsing: request.body)) ?? .null
        switch request.header("xi-api-key") {
        case nil: return refusal(401, "missing_api_key", "xi-api-key header is missing")
        case "bad": return refusal(401, "invalid_api_key", "Invalid API key")
        case "poor": return refusal(401, "quota_exceeded", "You have 0 credits remaining.")
        default: break
        }
        if path == ["v2", "voices"] { return voices(parts.last ?? "") }
        guard path.count == 4, path[0...1] == ["v1", "text-to-speech"], path[3] == "stream" else {
            return refusal(404, "not_found", "no such route")
        }
        let query = parts.count > 1 ? parts[1] : ""
        let asked = Request(voice: path[2], query: query, json: json)
        box.requests.withLock { $0.append(asked) }
        box.asked.continuation.yield()
        switch path[2] {
        case "nobody": return refusal(400, "voice_not_found", "A voice for it was not found.")
        case "busy": return refusal(429, "concurrent_limit_exceeded", "Too many requests")
        case "endless":
            return [.send(head("request-endless") + chunk(sound("for ever "))), .waitForClose]
        default: break
        }
        if request.header("xi-api-key") == "small", query.contains("pcm") {
            return refusal(403, "output_format_not_allowed", "Not in this plan.")
        }
        return speech(asked.text, holds: hold(asked.text))
    }

    private static func speech(_ text: String, holds: Bool) -> [LoopbackServer.Step] {
        let sound = sound(text)
        let half = sound.count / 2
        let id = "request-\(text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF })"
        var steps: [LoopbackServer.Step] = [.send(head(id) + chunk(Array(sound[..<half])))]
        if holds { steps.append(.hold) }
        return steps + [.send(chunk(Array(sound[half...])) + Array("0\r\n\r\n".utf8)), .keepAlive]
    }

    private static func voices(_ query: String) -> [LoopbackServer.Step] {
        let isSecond = query.contains("next_page_token=second")
        let body: JSONValue =
            isSecond
            ? [
                "voices": [
                    ["voice_id": "v2", "name": "Red \u{1B}[31mName", "category": "cloned"]
                ], "has_more": false, "next_page_token": nil,
            ]
            : [
                "voices": [
                    [
                        "voice_id": "v1", "name": "George", "category": "premade",
                        "labels": ["accent": "British", "gender": "male"],
                    ], ["name": "without an id"],
                ], "has_more": true, "next_page_token": "second",
            ]
        return [.send(whole(200, body)), .keepAlive]
    }

    private static func refusal(
        _ status: Int, _ code: String, _ message: String
    ) -> [LoopbackServer.Step] {
        let body: JSONValue = [
            "detail": [
                "type": "error", "code": .string(code), "message": .string(message),
                "status": .string(code), "request_id": "r", "param": nil,
            ]
        ]
        return [.send(whole(status, body)), .keepAlive]
    }

    private static func whole(_ status: Int, _ body: JSONValue) -> [UInt8] {
        let bytes = body.bytes
        let head =
            "HTTP/1.1 \(status) S\r\ncontent-type: application/json\r\n"
            + "content-length: \(bytes.count)\r\n\r\n"
        return Array(head.utf8) + bytes
    }

    private static func head(_ id: String) -> [UInt8] {
        Array(
            ("HTTP/1.1 200 OK\r\ncontent-type: audio/pcm\r\nrequest-id: \(id)\r\n"
                + "transfer-encoding: chunked\r\n\r\n").utf8)
    }

    private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty
            ? [] : Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10]
    }
}
