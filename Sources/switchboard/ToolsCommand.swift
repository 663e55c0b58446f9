import ArgumentParser
import Assistants
import AssistantsEngine
import Console
import Processes
import Settings
import Wire

/// The tools that there are, what they may do, and what was said about them.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools", abstract: "List the tools and what is allowed; take answers back.",
        discussion: """
            Answers are those that were given in the console to the question whether a function's \
            command may run.
            """,
        subcommands: [List.self, Forget.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the tools, what each may do, and the answers that are remembered.")
        @OptionGroup var common: CommonOptions
        @Flag(help: "Print it as JSON.") var json = false

        func run() async throws {
            let home = try Home(common)
            let list = ToolList(home)
            if json {
                Output.json(list.json, isPretty: true)
            } else {
                Output.text(await list.text(names: home.assistantNames(list.consents)))
            }
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget answers, so that people are asked again; prints what was forgotten.")
        @OptionGroup var common: CommonOptions
        @Flag(help: "Forget every answer.") var all = false
        @Argument(help: "The numbers of answers, or of begun calls, as tools list shows them.")
        var numbers: [Int] = []

        func validate() throws {
            if all == numbers.isEmpty { return }
            throw ValidationError("Which answers? Give their numbers, or --all.")
        }

        func run() async throws {
            let home = try Home(common)
            guard let keeper = home.consentKeeper else {
                throw Stop.failed("\(home.locations.state) cannot be written.")
            }
            var forgotten: [String] = []
            var missing: Int?
            let problem = keeper.change { consents in
                let count = consents.answers.count + consents.begun.count
                missing = numbers.first { $0 < 1 || $0 > count }
                guard missing == nil else { return }
                // `--all` is about answers; what was begun stays known.
                forgotten = consents.forget(
                    all ? Array(consents.answers.indices.map { $0 + 1 }) : numbers)
            }
            if let problem { throw Stop.failed(problem) }
            if let missing {
                throw Stop.failed("There is no number \(missing) in switchboard tools.")
            }
            Output.text(forgotten.map { "forgotten: \($0)\n" }.joined())
        }
    }
}

extension Consents {
    /// Removes what has these numbers, answers first; says what it was.
    fileprivate mutating func forget(_ numbers: [Int]) -> [String] {
        let places = Set(numbers.map { $0 - 1 })
        let count = answers.count
        var said: [String] = []
        for (place, answer) in answers.enumerated() where places.contains(place) {
            said.append(
                "\(answer.isAllowed ? "always" : "never") \(answer.function.spelled) "
                    + answer.command.spelled)
        }
        for (place, call) in begun.enumerated() where places.contains(count + place) {
            said.append("begun \(call.function.spelled) \(call.command.spelled)")
        }
        answers = answers.enumerated().filter { !places.contains($0.offset) }.map(\.element)
        begun = begun.enumerated().filter { !places.contains(count + $0.offset) }.map(\.element)
        return said
    }
}

extension Home {
    /// Keeps what was said about commands; nil where there is no folder for it.
    var consentKeeper: ConsentKeeper? {
        stateFolder().map { ConsentKeeper(path: Self.consentsPath(in: $0)) }
    }

    /// The names of the assistants of this data directory that something was said for.
    fileprivate func assistantNames(_ consents: Consents) async -> [String: String] {
        let place = dataPlace
        let ids = consents.answers.filter { $0.service == place }.map(\.assistantID)
        guard !ids.isEmpty, let engine = try? Engine.openToRead(directory: locations.data) else {
            return [:]
        }
        var names: [String: String] = [:]
        for id in ids { names[id] = try? await engine.assistant(id, for: .trusted).name }
        return names
    }
}
