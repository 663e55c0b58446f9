import Assistants
import AssistantsEngine
import Events
import Glibc
import TestSupport
import Testing
import Transport
import Wire

@Suite("The program, killed in the middle of a run") struct KillTests {
    private static let key = "sk-canary-kill-93ab"

    @Test("loses nothing it told, and its run goes on or is over", arguments: [UInt64(2026)])
    func anyMoment(seed: UInt64) async throws {
        let home = try ProgramHome()
        var random = SeededGenerator(seed: seed)
        var answered = 0
        for round in 0..<(LongForms.areAsked ? 200 : 10) {
            let kill = Kill(round: round, using: &random)
            let told = try await kill.tell(home, key: Self.key)
            try await expectTold(told, in: home)
            answered += try await recover(home)
            try await expectNothingLost(told, in: home, round)
        }
        #expect(answered > 0, "no kill met a run")
        for (name, bytes) in try home.files() {
            #expect(bytes.firstRange(of: Array(Self.key.utf8)) == nil, "in \(name)")
        }
    }

    /// Reads what is there before any host has come again.
    private func expectTold(_ told: Transcript, in home: ProgramHome) async throws {
        guard let thread = told.runs.first?.threadID else { return }
        let listed = try await home.run("threads", "list", "--limit", "1000").succeeded()
        #expect(listed.output.contains(thread))
    }

    /// Opens the directory as the next host does, and waits until every run is over: how many
    /// were carried on.
    private func recover(_ home: ProgramHome) async throws -> Int {
        let chat = try ScriptedChat(saying: ["carried on"])
        var sources = ModelSources()
        sources.url = chat.url
        sources.discovers = false
        let engine = try await Engine.open(
            directory: home.data,
            models: ModelDirectory(sources: sources, transport: AsyncHTTPTransport.shared))
        let mailbox = engine.events.subscribe(merges: true)
        while try await engine.hasActiveRun {
            guard await mailbox.next() != nil else { break }
        }
        await engine.close()
        return chat.questions.count
    }

    private func expectNothingLost(
        _ told: Transcript, in home: ProgramHome, _ round: Int
    ) async throws {
        guard let run = told.runs.first else { return }
        let engine = try Engine.openToRead(directory: home.data)
        let kept = try await engine.run(run.id, on: run.threadID, for: .trusted)
        #expect(kept.status == .completed, "round \(round)")
        let page = PageRequest(limit: 100, order: .ascending)
        let messages = try await engine.messages(
            in: run.threadID, run: nil, page, for: .trusted
        ).data
        #expect(messages.first?.text == "question \(round)")
        #expect(messages.first?.status == .completed)
        for message in told.messages {
            let stored = try #require(messages.first { $0.id == message.id }, "round \(round)")
            if message.status == .completed {
                #expect(stored.text == message.text)
                #expect(stored.status == .completed)
            } else {
                #expect(Kill.answer.hasPrefix(stored.text), "round \(round)")
            }
        }
        let answers = messages.filter { $0.role == .assistant }
        #expect([Kill.answer, "carried on"].contains(answers.last?.text), "round \(round)")
        #expect(answers.last?.status == .completed)
        #expect(answers.dropLast().allSatisfy { $0.status == .incomplete })
        try await expectUsable(run.threadID, home)
    }

    private func expectUsable(_ thread: Thread.ID, _ home: ProgramHome) async throws {
        let chat = try ScriptedChat(saying: ["fine"])
        let result = try await home.run(
            "ask", "--thread", thread, "--model-url", chat.url, "and now?")
        #expect(result.output == "fine\n", "\(result)")
    }

    @Test("keeps the text that had grown by then, also for a reader meanwhile") func growth()
        async throws
    {
        let home = try ProgramHome()
        let chat = try ScriptedChat { question in
            question.messages.count > 1
                ? .chat(["fine"])
                : .streamHead + .delta("Once upon ") + [.hold] + .delta("a time") + [.waitForClose]
        }
        let program = try home.start(["ask", "--json", "--model-url", chat.url, "tell"])
        #expect(await program.wait(for: "Once upon"))
        // What comes with the message's beginning is stored with it; this has to wait for its turn.
        chat.step()
        #expect(await program.wait(for: "a time"))
        let told = try EventLines(program.sofar.lines).transcript()
        let thread = try #require(told.runs.first?.threadID)
        let whole = "user:\ntell\n\nassistant:\nOnce upon a time\n\n"
        // Each look takes about as long as the program waits between two saves.
        var looks = 0
        while try await home.run("threads", "show", thread).output != whole, looks < 100 {
            looks += 1
        }
        program.signal(SIGKILL)
        #expect(await program.result().status == -SIGKILL)
        #expect(try await home.run("threads", "show", thread).output == whole)
        // Asked again before anybody recovered it, the thread is not locked either.
        let next = try await home.run("ask", "--thread", thread, "--model-url", chat.url, "on")
        #expect(next.output == "fine\n", "\(next)")
        #expect(next.errors.contains("was stopped"))
        #expect(try await home.run("threads", "show", thread).output.hasPrefix(whole))
    }

    @Test("for the third time gives the run up") func poison() async throws {
        let home = try ProgramHome()
        var first: Run?
        for round in 0..<3 {
            let chat = try ScriptedChat { _ in .streamHead + .delta("Hm") + [.waitForClose] }
            // Those who stay carry the run on.
            let program = try home.start(
                (round == 0 ? ["ask", "--json", "question"] : ["serve", "--port", "0"])
                    + ["--model-url", chat.url])
            await chat.waitForQuestions(1)
            if round == 0 {
                #expect(await program.wait(for: "Hm"))
                first = try EventLines(program.sofar.lines).transcript().runs.first
            }
            program.signal(SIGKILL)
            _ = await program.result()
        }
        let run = try #require(first)
        let engine = try await Engine.open(directory: home.data, models: NoModels())
        let mailbox = engine.events.subscribe(merges: true)
        while try await engine.run(run.id, on: run.threadID, for: .trusted).status.isActive {
            guard await mailbox.next() != nil else { break }
        }
        let last = try await engine.run(run.id, on: run.threadID, for: .trusted)
        await engine.close()
        #expect(last.status == .failed)
        #expect(last.lastError?.message.contains("interrupted 3 times") == true, "\(last)")
    }
}

/// One start of the program that ends by a kill, at a moment that a seed chooses.
private struct Kill {
    /// What the server says in the end.
    static let answer = (1...40).map { "word\($0)" }.joined(separator: " ")

    let round: Int
    /// How many events are waited for.
    private let events: Int
    /// After which piece the server waits for ever; nil when it does not.
    private let hold: Int?
    /// How often the processor is offered to others before the kill.
    private let delay: Int

    init(round: Int, using random: inout SeededGenerator) {
        self.round = round
        events = Int.random(in: -2...52, using: &random)
        hold = Bool.random(using: &random) ? Int.random(in: 0...40, using: &random) : nil
        delay = Int.random(in: 0...20_000, using: &random)
    }

    /// Asks, kills, and gives back what the program had told by then.
    func tell(_ home: ProgramHome, key: String) async throws -> Transcript {
        let words = Self.answer.split(separator: " ", omittingEmptySubsequences: false)
        let pieces = words.enumerated().map {
            $0.offset == 0 ? String($0.element) : " \($0.element)"
        }
        let chat = try ScriptedChat { [hold] _ in
            guard let hold else { return .chat(pieces) }
            return .streamHead + pieces.prefix(hold).flatMap { [LoopbackServer.Step].delta($0) }
                + [.waitForClose]
        }
        let program = try home.start(
            ["ask", "--json", "--model-url", chat.url, "question \(round)"],
            environment: ["SWITCHBOARD_MODEL_KEY": key, "OPENAI_API_KEY": key])
        // Events that never come because the server waits: then as many as do come.
        let wanted = min(events, hold == 0 ? 3 : (hold ?? 40) + 5)
        if wanted >= 0 { await program.wait { $0.lines.count >= wanted } }
        for _ in 0..<delay { sched_yield() }
        program.signal(SIGKILL)
        let result = await program.result()
        #expect([-SIGKILL, 0].contains(result.status), "\(result)")
        // A kill can cut the last line.
        let whole = result.output.hasSuffix("\n") ? result.lines : result.lines.dropLast()
        return try EventLines(whole).transcript()
    }
}

extension Engine {
    fileprivate var hasActiveRun: Bool {
        get async throws {
            let threads = try await threads(PageRequest(limit: 100), for: .trusted)
            return threads.data.contains { $0.activeRun != nil }
        }
    }
}
