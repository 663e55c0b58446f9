import AssistantsClient
import Glibc
import Transport

/// Where the process that runs the engine of a directory can be asked.
struct HostSocket {
    private let directory: String
    private let folder: String?

    /// The most bytes of a socket's path that Linux takes.
    static let longestPath = 107

    init(_ opening: Opening) { (directory, folder) = (opening.directory, opening.socketFolder) }

    /// The socket of a directory that is there; nil where no path is short enough for one.
    var path: String? {
        // However somebody calls the directory, everyone finds the same socket.
        let resolved = realpath(directory, nil)
        defer { free(resolved) }
        let place = resolved.map { String(cString: $0) } ?? directory
        let beside = place + "/host.sock"
        if beside.utf8.count <= Self.longestPath { return beside }
        let hash = place.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let elsewhere = folder.map { $0 + "/switchboard-" + String(hash, radix: 16) + ".sock" }
        return elsewhere.flatMap { $0.utf8.count <= Self.longestPath ? $0 : nil }
    }

    /// The API of whoever listens there.
    func service(_ opening: Opening) -> RemoteService? {
        path.map {
            // A host that is gone is not waited for: somebody takes over from it.
            RemoteService(
                RemoteConnection(
                    baseURL: "http://switchboard/v1", key: nil, transport: opening.transport,
                    socketPath: $0, timeouts: Timeouts(recovery: .zero), retries: .none))
        }
    }
}
