import AssistantsClient
import Transport

/// Where the process that runs the engine of a directory can be asked.
struct HostSocket {
    /// The socket; nil where no path is short enough for one.
    let path: String?

    /// The most bytes of a socket's path that Linux takes.
    static let longestPath = 107

    init(_ opening: Opening) {
        let beside = opening.directory + "/host.sock"
        if beside.utf8.count <= Self.longestPath {
            path = beside
            return
        }
        // A name that the same directory always gets.
        let hash = opening.directory.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let elsewhere = opening.socketFolder.map {
            $0 + "/switchboard-" + String(hash, radix: 16) + ".sock"
        }
        path = elsewhere.flatMap { $0.utf8.count <= Self.longestPath ? $0 : nil }
    }

    /// The API of whoever listens there.
    func service(_ opening: Opening) -> RemoteService? {
        path.map {
            RemoteService(
                baseURL: "http://switchboard/v1", key: nil, transport: opening.transport,
                socketPath: $0)
        }
    }
}
