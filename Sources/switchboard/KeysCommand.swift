import ArgumentParser
import Assistants
import AssistantsEngine
import FoundationEssentials
import Hosting

/// The keys of the server, and the projects that they open.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Create, list and revoke the server's keys.",
        discussion: """
            A key belongs to a project and opens only what was made with that project's keys. \
            Revoking a key loses no data.
            """,
        subcommands: [List.self, Create.self, Revoke.self, Projects.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, oldest first.")
        @OptionGroup var common: CommonOptions
        @Option(help: "Only the keys of this project.") var project: String?

        func run() async throws {
            try await withReader(Home(common)) { engine in
                var table = Table(header: ["ID", "PROJECT", "KEY", "CREATED", "STATE", "NAME"])
                for key in try await engine.keys(of: project) {
                    table.add([
                        key.id, key.project, "…" + key.hint, key.createdAt.isoTime,
                        key.revokedAt.map { "revoked " + $0.isoTime } ?? "good", key.name,
                    ])
                }
                Output.text(table.text)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a key; prints it, this once.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The project it opens; made where it is not there yet.")
        var project = Caller.localProject
        @Option(help: "What to call it.") var name = ""

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                let key = try SecretKey()
                try await visit.createKey(
                    hash: key.hash, hint: key.hint, name: name, project: project)
                Output.text(key.text + "\n")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a key back for good.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The key's id, as keys list shows it.") var key: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                try await visit.revokeKey(key)
            }
        }
    }

    struct Projects: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the projects.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await withReader(Home(common)) { engine in
                var table = Table(header: ["PROJECT", "CREATED", "TOKENS TODAY"])
                for project in try await engine.projects() {
                    let tokens = try await engine.tokensUsedToday(by: project.id)
                    table.add([project.id, project.createdAt.isoTime, "\(tokens)"])
                }
                Output.text(table.text)
            }
        }
    }
}

extension Int {
    /// Seconds since 1970 as a time of Greenwich.
    var isoTime: String { Date(timeIntervalSince1970: Double(self)).formatted(.iso8601) }
}
