package import Assistants
package import Transport
import Wire

/// The operations of the Assistants API, each a request to a server.
///
/// The server decides by the key who calls: the caller that an operation names is not sent.
package protocol RemoteAPI: VectorStoreService {
    /// Where requests go.
    var connection: RemoteConnection { get }
}

/// One of our own servers, over HTTP, with what it can do beyond the API.
package struct RemoteService: RemoteAPI {
    package let connection: RemoteConnection

    /// A service at the other end of a connection.
    package init(_ connection: RemoteConnection) {
        self.connection = connection
    }

    /// A service that asks the server at an address; see `RemoteConnection`.
    package init(
        baseURL: String, key: String?, transport: any HTTPTransport, socketPath: String? = nil
    ) {
        self.init(
            RemoteConnection(
                baseURL: baseURL, key: key, transport: transport, socketPath: socketPath))
    }
}

/// The Assistants API of any server, over HTTP: nothing but what the API has.
package struct ForeignService: RemoteAPI, ModelListing {
    package let connection: RemoteConnection

    /// A service at the other end of a connection.
    package init(_ connection: RemoteConnection) {
        self.connection = connection
    }
}

extension RemoteAPI {
    func get(
        _ path: String, _ query: [(String, String)] = []
    ) async throws(APIError) -> JSONValue {
        try await connection.get(path, query)
    }

    func post(
        _ path: String, _ body: JSONValue = [:], headers: [(String, String)] = []
    ) async throws(APIError) -> JSONValue {
        try await connection.post(path, body, headers: headers)
    }
}
