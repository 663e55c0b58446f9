import ArgumentParser
import Assistants
import AssistantsEngine
import Hosting
import Wire

/// The assistants there are.
struct AssistantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assistants", abstract: "List, show, create, edit and delete assistants.",
        subcommands: [List.self, Show.self, Create.self, Edit.self, Delete.self, Export.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the assistants.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await withReader(Home(common)) { engine in
                var table = Table(header: ["ID", "NAME", "MODEL", "INSTRUCTIONS"])
                for assistant in try await engine.everyAssistant() {
                    table.add([
                        assistant.id, assistant.name ?? "", assistant.model,
                        String((assistant.instructions ?? "").prefix(60)),
                    ])
                }
                Output.text(table.text)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an assistant as JSON.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "Name or id.") var assistant: String

        func run() async throws {
            try await withReader(Home(common)) { engine in
                Output.json(try await engine.assistant(named: assistant).json, isPretty: true)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an assistant; prints its id.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var fields: AssistantFields
        @Option(help: "Its name.") var name: String

        func run() async throws {
            // `--model` names the model of this assistant here, and of this program elsewhere.
            var request = AssistantRequest(
                model: common.model ?? Engine.defaultModel, name: name,
                instructions: fields.instructions)
            request.description = fields.description
            request.temperature = fields.temperature
            request.tools = try fields.readTools() ?? []
            try await withVisit(Home(common)) { [request] visit in
                let assistant = try await visit.service.createAssistant(request, for: .trusted)
                Output.content(assistant.id + "\n")
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an assistant; prints its id.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var fields: AssistantFields
        @Option(help: "A new name.") var name: String?
        @Argument(help: "Name or id.") var assistant: String

        func validate() throws {
            if name == nil, common.model == nil, fields.areEmpty {
                throw ValidationError(
                    "What is to change? Give --name, --model, --instructions, --description, "
                        + "--temperature or --tools.")
            }
        }

        func run() async throws {
            var changes = AssistantChanges()
            if let name { changes.name = .set(name) }
            if let model = common.model { changes.model = .set(model) }
            if let instructions = fields.instructions { changes.instructions = .set(instructions) }
            if let description = fields.description { changes.description = .set(description) }
            if let temperature = fields.temperature { changes.temperature = .set(temperature) }
            if let tools = try fields.readTools() { changes.tools = .set(tools) }
            try await withVisit(Home(common)) { [changes] visit in
                let id = try await visit.service.assistant(named: assistant).id
                _ = try await visit.service.modifyAssistant(id, changes, for: .trusted)
                Output.content(id + "\n")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete an assistant.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "Name or id.") var assistant: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                let id = try await visit.service.assistant(named: assistant).id
                if id == GuideBackend.assistantID || id == Engine.defaultAssistantID {
                    throw Stop.failed("\(assistant) is built in and stays.")
                }
                try await visit.service.deleteAssistant(id, for: .trusted)
                Output.content("deleted \(id)\n")
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every assistant as a line of JSON.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await withReader(Home(common)) { engine in
                for assistant in try await engine.everyAssistant() { Output.json(assistant.json) }
            }
        }
    }
}

extension AssistantsService {
    /// All assistants, newest first.
    func everyAssistant() async throws(APIError) -> [Assistant] {
        var all: [Assistant] = []
        var page = PageRequest(limit: 100)
        while true {
            let next = try await assistants(page, for: .trusted)
            all += next.data
            guard next.hasMore, let last = next.data.last else { return all }
            page.after = last.id
        }
    }

    /// The assistant with an id or a name, whatever its case.
    func assistant(named name: String) async throws -> Assistant {
        let all = try await everyAssistant()
        if let found = all.first(where: { $0.id == name }) { return found }
        let wanted = name.lowercased()
        if let found = all.first(where: { $0.name?.lowercased() == wanted }) { return found }
        throw Stop.failed(
            "There is no assistant \(name). `switchboard assistants list` shows which there are.")
    }
}
