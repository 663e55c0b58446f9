import Assistants
import FoundationEssentials
import Glibc
import Processes
import TestSupport
import Testing

@testable import Console

/// What the effects do with commands, on a service whose run waits for a call.
@Suite("The effects of commands", .timeLimit(.minutes(1)))
struct CommandRunnerTests {
    private let folder = "/tmp/switchboard-commands.\(UInt64.random(in: 0 ... .max))"
    private var keeper: ConsentKeeper { ConsentKeeper(path: folder + "/consents.json") }

    private func runner(_ calls: [ToolCall]) -> EffectRunner {
        let service = ScriptedService(assistants: [Stage.analyst], models: [Stage.model])
        service.add(Stage.thread, messages: [])
        let run =
            calls.isEmpty ? Stage.run("run_1", .inProgress) : Stage.waitingRun(calls)
        service.play([.run(.requiresAction, run)], run: "run_1", on: "thread_1")
        var options = ConsoleOptions()
        options.consentsPath = folder + "/consents.json"
        options.service = Stage.place
        return EffectRunner(service: service, options: options)
    }

    private func results(of effect: Effect, by runner: EffectRunner) async -> [EffectResult] {
        await runner.perform(service: effect)
        return runner.takeResults()
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test("write that a command was begun before it is, and run it")
    func begun() async throws {
        defer { remove() }
        // It prints what the console had written when it began.
        let command = Stage.command(["sh", "-c", "cat; cat \(folder)/consents.json"])
        let order = Stage.order(Stage.call(), command)
        let results = await results(
            of: .runCommand(order, .asked(begun: nil)), by: runner([Stage.call()]))
        guard case .commandEnded(order, let output)? = results.first else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(output.hasPrefix(#"{"city":"Oslo"}"#))
        #expect(output.contains(#""call":"call_1""#), "\(output)")
        // It stays begun, with its output for the next console, until the run has gone on.
        #expect(keeper.read().begun.map(\.output) == [output])
        _ = await self.results(
            of: .endCommands([order.key], forgets: true), by: runner([Stage.call()]))
        #expect(keeper.read().begun.isEmpty)
    }

    @Test("run nothing for a run that waits no more, or waits for something else")
    func notWaiting() async throws {
        defer { remove() }
        let order = Stage.order(
            Stage.call(), Stage.command(["touch", folder + "/touched"]))
        let other = Stage.call("call_1", "get_weather", #"{"city":"Rome"}"#)
        for calls in [[], [other]] {
            let results = await results(
                of: .runCommand(order, .asked(begun: nil)), by: runner(calls))
            guard case .commandNotBegun(order, .notWaiting)? = results.first else {
                Issue.record("other results: \(results)")
                return
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/touched"))
        #expect(keeper.read().begun.isEmpty)
    }

    @Test("run nothing where that it was begun cannot be kept")
    func unkept() async throws {
        let order = Stage.order(Stage.call(), Stage.command(["touch", folder]))
        let service = ScriptedService(assistants: [Stage.analyst], models: [Stage.model])
        let runner = EffectRunner(service: service, options: ConsoleOptions())
        let results = await results(of: .runCommand(order, .configured), by: runner)
        guard case .commandNotBegun(order, .failed)? = results.first else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("kill a command and what it started, when its run or the program ends")
    func killed() async throws {
        defer { remove() }
        let key = Stage.order().key
        for end in [{ (runner: EffectRunner) in runner.endCommands([key]) }, { $0.finish() }] {
            remove()
            // Says its number, and waits for one that it started.
            let script = "echo $$ > \(folder)/pid; sleep 600 & wait"
            let order = Stage.order(Stage.call(), Stage.command(["sh", "-c", script]))
            let runner = runner([Stage.call()])
            async let ended: Void = runner.perform(
                service: .runCommand(order, .asked(begun: nil)))
            var process: Int32?
            while process == nil {
                process = (try? String(contentsOfFile: folder + "/pid", encoding: .utf8))
                    .flatMap { Int32($0.trimmed) }
                await Task.yield()
            }
            end(runner)
            await ended
            guard
                case .commandEnded(order, "The function was stopped.")? =
                    runner.takeResults().first
            else {
                Issue.record("it was not stopped")
                return
            }
            #expect(kill(try #require(process), 0) == -1 && errno == ESRCH)
            // How it ended is not known to whoever comes next.
            #expect(keeper.read().begun.count == 1)
        }
    }
}
