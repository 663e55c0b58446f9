/// The beginning of a message of HTTP: its head, and how much of its body has come.
struct HTTPMessage {
    /// The head without its last blank line.
    let head: String
    /// The body's length as the head says it.
    let length: Int
    /// The body as far as it has come.
    let body: ArraySlice<UInt8>

    /// Whether all of the body is there.
    var isWhole: Bool { body.count >= length }
    /// The status of an answer; 0 for a request.
    var status: Int { Int(head.dropFirst(9).prefix(3)) ?? 0 }

    /// Reads some bytes; nil while the head is not whole.
    init?(_ bytes: [UInt8]) {
        guard let end = Self.headEnd(bytes) else { return nil }
        head = String(decoding: bytes[..<end], as: UTF8.self)
        body = bytes[(end + 4)...]
        let line = head.split(separator: "\r\n").first {
            $0.prefix(15).lowercased() == "content-length:"
        }
        length = line.flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
    }

    /// A request with a body of JSON, or none.
    static func request(_ method: String, _ path: String, key: String, body: String) -> [UInt8] {
        Array(
            ("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n"
                + "OpenAI-Beta: assistants=v2\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        var place = 3
        while place < bytes.count {
            if bytes[place] == 0x0A, bytes[place - 1] == 0x0D, bytes[place - 2] == 0x0A {
                return place - 3
            }
            place += 1
        }
        return nil
    }
}
