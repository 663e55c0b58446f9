import FoundationEssentials

/// `switchboard serve` on a free port, in a home of its own, with the model server that it asks.
///
/// A class because it owns the program, which ends with it.
package final class ServedProgram: Sendable {
    /// Where its data is.
    package let home: ProgramHome
    /// The address up to `/v1`.
    package let baseURL: String
    /// The key of the local project.
    package let key: String
    /// The program.
    package let program: Program
    private let model: ModelServer?

    /// The port it listens on.
    package var port: Int { URL(string: baseURL)?.port ?? 0 }

    /// What programs that use the server have in their environment.
    package var variables: [String: String] {
        ["OPENAI_BASE_URL": baseURL, "OPENAI_API_KEY": key]
    }

    /// Starts the server and waits until it listens.
    /// - Parameters:
    ///   - model: What answers; nil for Guide alone.
    ///   - options: Further options of `serve`.
    package init(
        home: ProgramHome, model: ModelServer?, options: [String] = []
    ) async throws {
        self.home = home
        self.model = model
        let choice = model.map { ["--model-url", $0.baseURL] } ?? []
        program = try home.start(["serve", "--port", "0"] + choice + options)
        guard await program.wait(for: "export OPENAI_API_KEY=") else {
            throw ProgramError(description: "serve did not start. \(await program.result())")
        }
        await program.wait { $0.output.hasSuffix("\n") }
        let lines = program.sofar.lines
        baseURL = String(lines[0].drop { $0 != "=" }.dropFirst())
        key = String(lines[1].drop { $0 != "=" }.dropFirst())
    }

    /// Runs a Python program of `Tests/Peers` that uses the server.
    package func python(
        _ name: String, _ arguments: String..., sdk: SDKVersion? = nil, seconds: Double = 120
    ) async throws -> Program.Result {
        try await Peers.python(
            name, arguments, sdk: sdk, environment: home.environment.merging(variables) { $1 },
            seconds: seconds)
    }
}

/// A version of openai-python that `Tests/Peers/prepare --full` makes an environment for.
package enum SDKVersion: String, CaseIterable, Sendable, CustomStringConvertible {
    /// The last with `client.beta.vector_stores`, as the documents print it.
    case beta = "1.65.5"
    /// One of the years between.
    case second = "2.54.0"
    /// The newest with the Assistants API, which is there without `--full` too.
    case newest = "3.52.0"

    /// The version's number.
    package var description: String { rawValue }

    /// The folder of its environment.
    package var folder: String { "openai-" + rawValue }
}

extension Peers {
    /// Runs a Python program of `Tests/Peers`.
    /// - Parameter sdk: The environment it runs in; nil for the one that is always there.
    package static func python(
        _ name: String, _ arguments: [String], sdk: SDKVersion? = nil,
        environment: [String: String], seconds: Double = 120
    ) async throws -> Program.Result {
        guard let folder else {
            throw PeerError(description: "The peers are not there: run Tests/Peers/prepare.")
        }
        let python = folder + "/" + (sdk?.folder ?? "venv") + "/bin/python"
        let program = try Program(
            [python, folder + "/" + name] + arguments, input: [],
            environment: environment, countsWrites: false)
        return await program.result(seconds: seconds)
    }
}
