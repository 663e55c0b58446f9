import Assistants
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite(
    "ask that runs code",
    .enabled(if: Peers.isPresent, "run Tests/Peers/prepare"),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct AskCodeTests {
    private static let closing = "The tool said so, and that is the final answer.\n"

    /// A home with an assistant that runs code, and the model server.
    private func place() async throws -> (home: ProgramHome, server: ModelServer) {
        let home = try ProgramHome()
        let tools = try home.write(#"[{"type": "code_interpreter"}]"#, to: "tools.json")
        _ = try await home.run(
            "assistants", "create", "--name", "Coder", "--tools", tools
        ).succeeded()
        return (home, try await ModelServer.start())
    }

    private func calls(_ lines: EventLines) throws -> [(input: String, outputs: [CodeOutput])] {
        try lines.transcript().steps.flatMap { step in
            guard case .toolCalls(let calls) = step.details else { return [] as [ToolCall] }
            return calls
        }.compactMap { call in
            guard case .codeInterpreter(let input, let outputs) = call.kind else { return nil }
            return (input, outputs)
        }
    }

    @Test(
        "prints the answer alone",
        arguments: [
            ("compute", closing), ("count", closing), ("plot", closing),
            ("chart", "Your chart is ready: [Download](sandbox:/mnt/data/chart.csv)\n"),
        ])
    func text(question: String, answer: String) async throws {
        let (home, server) = try await place()
        let result = try await home.run(
            "ask", "--assistant", "Coder", "--model-url", server.baseURL, question)
        #expect(result.output == answer && result.errors == "" && result.status == 0, "\(result)")
    }

    @Test("tells code as it is written and what it prints line by line, each by itself")
    func lines() async throws {
        let (home, server) = try await place()
        let program = try home.start(
            ["ask", "--json", "--assistant", "Coder", "--model-url", server.baseURL, "count"],
            countsWrites: true)
        let result = await program.result()
        let lines = try EventLines(result.lines)
        #expect(result.status == 0 && result.outputPieces >= result.lines.count, "\(result)")
        let deltas = lines.events.filter { $0["event"] == "thread.run.step.delta" }
            .compactMap { $0["data"]?["delta"]?["step_details"]?["tool_calls"]?[0] }
            .compactMap { $0["code_interpreter"] }
        let code = deltas.compactMap { $0["input"]?.stringValue }.filter { !$0.isEmpty }
        #expect(code.count > 5 && code.joined().hasPrefix("import time\nfor i in range(5):\n"))
        let logs = deltas.compactMap { $0["outputs"]?[0]?["logs"]?.stringValue }
        #expect(logs == (0..<5).map { "tick \($0)\n" } + ["40\n"])
        let call = try #require(try calls(lines).first)
        #expect(call.input == code.joined() && call.outputs == [.logs(logs.joined())])
    }

    @Test("makes a file that files get gives out, byte for byte") func chart() async throws {
        let (home, server) = try await place()
        let result = try await home.run(
            "ask", "--json", "--assistant", "Coder", "--model-url", server.baseURL, "chart"
        ).succeeded()
        let message = try #require(try EventLines(result.lines).transcript().messages.last)
        guard case .text(let text) = message.content.last,
            case .filePath(let file)? = text.annotations.first?.target
        else {
            Issue.record("\(result)")
            return
        }
        let got = try await home.run("files", "get", file, "--out", "-").succeeded()
        #expect(got.outputBytes == Array("North,9.2\nSouth,21.4\n".utf8))
        let listed = try await home.run("files", "--purpose", "assistants_output").succeeded()
        #expect(listed.lines.count == 1 && listed.output.hasSuffix("chart.csv\n"), "\(listed)")
    }

    @Test("shows a picture in the message, which is a file") func plot() async throws {
        let (home, server) = try await place()
        let result = try await home.run(
            "ask", "--json", "--assistant", "Coder", "--model-url", server.baseURL, "plot"
        ).succeeded()
        let lines = try EventLines(result.lines)
        let message = try #require(try lines.transcript().messages.last)
        guard case .imageFile(let picture, _) = message.content.first else {
            Issue.record("\(result)")
            return
        }
        #expect(try calls(lines).first?.outputs == [.image(fileID: picture)])
        let got = try await home.run("files", "get", picture, "--out", "-").succeeded()
        #expect(got.outputBytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("says in the next program that what this one defined is gone") func anew() async throws {
        let (home, server) = try await place()
        var logs: [[CodeOutput]] = []
        var thread: [String] = []
        for _ in 0..<2 {
            let program = try home.start(
                ["ask", "--json", "--assistant", "Coder", "--model-url", server.baseURL] + thread
                    + ["compute"])
            let lines = try EventLines(await program.result().succeeded().lines)
            let transcript = try lines.transcript()
            thread = ["--thread", try #require(transcript.runs.last?.threadID)]
            logs += try calls(lines).map(\.outputs)
        }
        #expect(logs.first == [.logs("45\n")] && logs.count == 2)
        guard case .logs(let second)? = logs.last?.first else { return }
        #expect(second.hasPrefix("[Python was started anew: ") && second.hasSuffix("]\n45\n"))
    }
}
