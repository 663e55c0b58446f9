import ArgumentParser
import Assistants
import AssistantsClient
import FoundationEssentials
import Hosting
import Transport
import Wire

/// Which server the console works with, where it is not to run an engine.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "An Assistants API v2 server to work with, ours or any other; its key is taken from "
                + "SWITCHBOARD_SERVER_KEY, else OPENAI_API_KEY.", valueName: "url"))
    var server: String?

    func validate() throws {
        guard let server else { return }
        if !["http://", "https://"].contains(where: { server.lowercased().hasPrefix($0) }) {
            throw ValidationError("--server is an address: http://HOST… or https://HOST…")
        }
    }

    /// The address of the API: one that names only a host is completed by `/v1`.
    var baseURL: String? {
        guard var url = server else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        return url.split(separator: "/").count > 2 ? url : url + "/v1"
    }

    /// Connects to the server.
    ///
    /// - Parameter memoryPath: The console's memory of that server, which names the threads that
    ///   were seen there.
    func connect(
        to url: String, _ environment: [String: String], memoryPath: String?
    ) async throws -> ServerSession {
        let keys = ["SWITCHBOARD_SERVER_KEY", "OPENAI_API_KEY"]
        let key = keys.compactMap { environment[$0] }.first { !$0.isEmpty }
        let connection = RemoteConnection(
            baseURL: url, key: key, transport: AsyncHTTPTransport.shared)
        do throws(APIError) {
            return try await ServerSession.open(
                connection, known: Self.knownThreads(memoryPath))
        } catch {
            let advice =
                error.status == 401 || error.status == 403
                ? " Set SWITCHBOARD_SERVER_KEY to a key of that server." : ""
            throw Stop.failed("\(url) cannot be used: \(error.message)\(advice)")
        }
    }

    /// The threads that the console remembers, the last seen first.
    private static func knownThreads(_ path: String?) -> [Assistants.Thread.ID] {
        guard let path, let data = try? Data(contentsOf: URL(filePath: path)),
            let memory = try? JSONValue(parsing: data)
        else { return [] }
        let threads = (memory["threads"]?.objectValue ?? [:]).filter { !$0.key.isEmpty }
        return threads.sorted {
            ($0.value["seen"]?.integerValue ?? 0) > ($1.value["seen"]?.integerValue ?? 0)
        }.map(\.key)
    }
}
