import Glibc

/// A chat completions server of one thread, polled by whoever measures: it says what it is told.
final class ModelServer {
    /// Its address, for `--model-url`.
    let url: String
    /// Whether a question waits for its answer.
    var isAsked: Bool { stream >= 0 }
    private let listener: Int32
    private var connections: [Int32: [UInt8]] = [:]
    private var stream: Int32 = -1

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("no loopback address") }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/v1"
    }

    deinit {
        for descriptor in connections.keys { close(descriptor) }
        close(listener)
    }

    /// What to poll for reading.
    var descriptors: [Int32] { [listener] + connections.keys }

    /// Serves a descriptor that can be read.
    func serve(_ descriptor: Int32) {
        if descriptor == listener {
            let connection = accept(listener, nil, nil)
            var isOn: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, 4)
            connections[connection] = []
            return
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else {
            close(descriptor)
            connections[descriptor] = nil
            if stream == descriptor { stream = -1 }
            return
        }
        connections[descriptor, default: []] += chunk[..<count]
        answer(descriptor)
    }

    /// Sends a piece of the answer.
    func say(_ text: String) {
        let escaped = text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\\n")
        event(#"{"choices":[{"index":0,"delta":{"content":"\#(escaped)"},"finish_reason":null}]}"#)
    }

    /// Calls the code interpreter with code that needs no escapes, as the whole answer.
    func call(_ code: String) {
        let arguments = #"{\"code\":\"\#(code)\"}"#
        event(
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","#
                + #""type":"function","function":{"name":"code_interpreter","#
                + #""arguments":"\#(arguments)"}}]},"finish_reason":null}]}"#)
        finish("tool_calls")
    }

    /// Ends the answer.
    func finish(_ reason: String = "stop") {
        event(#"{"choices":[{"index":0,"delta":{},"finish_reason":"\#(reason)"}]}"#)
        event("[DONE]")
        write("0\r\n\r\n", to: stream)
        stream = -1
    }

    private func event(_ data: String) {
        let event = "data: \(data)\n\n"
        write("\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n", to: stream)
    }

    /// Answers a request once it is whole.
    private func answer(_ connection: Int32) {
        let text = String(decoding: connections[connection] ?? [], as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return }
        let head = text[..<end.lowerBound].lowercased()
        let size = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter(\.isNumber)) }
        guard text[end.upperBound...].utf8.count >= size ?? 0 else { return }
        connections[connection] = []
        if head.hasPrefix("post /v1/chat/completions") {
            stream = connection
            write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n", to: connection)
        } else {
            let isList = head.hasPrefix("get /v1/models ")
            let body =
                isList
                ? #"{"object":"list","data":[{"id":"bench","object":"model"}]}"# : #"{"error":{}}"#
            write(
                "HTTP/1.1 \(isList ? "200 OK" : "404 Not Found")\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)", to: connection)
        }
    }

    private func write(_ text: String, to connection: Int32) {
        let bytes = Array(text.utf8)
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

extension String {
    /// Where these characters stand first, looked for as bytes.
    fileprivate func range(of wanted: String) -> Range<Index>? {
        let wanted = Array(wanted.utf8)
        var place = startIndex
        while place < endIndex {
            if utf8[place...].starts(with: wanted) {
                return place..<utf8.index(place, offsetBy: wanted.count)
            }
            place = utf8.index(after: place)
        }
        return nil
    }
}
