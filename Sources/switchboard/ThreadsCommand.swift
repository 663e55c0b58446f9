import ArgumentParser
import Assistants
import AssistantsEngine
import FoundationEssentials
import Hosting
import Wire

/// The threads there are.
struct ThreadsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threads", abstract: "List, show, create, rename, delete and export threads.",
        subcommands: [List.self, Show.self, Create.self, Edit.self, Delete.self, Export.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the threads, newest first.")
        @OptionGroup var common: CommonOptions
        @Option(help: "At most so many.") var limit = 50

        func validate() throws {
            if limit < 1 { throw ValidationError("--limit is 1 or more.") }
        }

        func run() async throws {
            try await withReader(Home(common)) { engine in
                var table = Table(header: ["ID", "LAST ACTIVITY", "MESSAGES", "TITLE"])
                for summary in try await engine.newestThreads(limit: limit) {
                    table.add([
                        summary.id, summary.lastActivity.isoTime, "\(summary.messageCount)",
                        String(summary.title.prefix(80)),
                    ])
                }
                Output.text(table.text)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a thread as text.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The thread's id.") var thread: String

        func run() async throws {
            try await withReader(Home(common)) { engine in
                _ = try await engine.thread(thread, for: .trusted)
                try await engine.forEachMessage(in: thread) { message in
                    Output.content("\(message.role):\n\(message.text)\n\n")
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a thread; prints its id.")
        @OptionGroup var common: CommonOptions
        @Option(help: "Its title.") var name: String?

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                let metadata = name.map { [Thread.titleKey: $0] } ?? [:]
                let request = ThreadRequest(metadata: metadata)
                let thread = try await visit.service.createThread(request, for: .trusted)
                Output.text(thread.id + "\n")
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Rename a thread.")
        @OptionGroup var common: CommonOptions
        @Option(help: "The new title.") var name: String
        @Argument(help: "The thread's id.") var thread: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                var metadata = try await visit.service.thread(thread, for: .trusted).metadata
                metadata[Thread.titleKey] = name
                var changes = ThreadChanges()
                changes.metadata = .set(metadata)
                _ = try await visit.service.modifyThread(thread, changes, for: .trusted)
                Output.content("\(thread)\n")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a thread for good.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The thread's id.") var thread: String

        func run() async throws {
            try await withVisit(Home(common)) { visit in
                try await visit.service.deleteThread(thread, for: .trusted)
                Output.content("deleted \(thread)\n")
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a thread and its messages as JSON, one object a line.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The thread's id.") var thread: String

        func run() async throws {
            try await withReader(Home(common)) { engine in
                let json = try await engine.thread(thread, for: .trusted).json
                Output.json(json)
                try await engine.forEachMessage(in: thread) { message in
                    Output.json(message.json)
                }
            }
        }
    }
}

extension Engine {
    /// The newest threads, at most `limit`.
    fileprivate func newestThreads(limit: Int) async throws(APIError) -> [ThreadSummary] {
        var all: [ThreadSummary] = []
        var page = PageRequest()
        while all.count < limit {
            page.limit = min(100, limit - all.count)
            let next = try await threads(page, for: .trusted)
            all += next.data
            guard next.hasMore, let last = next.data.last else { break }
            page.after = last.id
        }
        return all
    }

    /// Gives each message of a thread, oldest first, without holding them all.
    fileprivate func forEachMessage(
        in thread: Thread.ID, _ body: (Message) -> Void
    ) async throws(APIError) {
        var page = PageRequest(limit: 100, order: .ascending)
        while true {
            let next = try await messages(in: thread, run: nil, page, for: .trusted)
            next.data.forEach(body)
            guard next.hasMore, let last = next.data.last else { return }
            page.after = last.id
        }
    }
}
