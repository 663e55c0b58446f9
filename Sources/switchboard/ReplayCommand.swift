import ArgumentParser
import Assistants
import Console
import Events
import FoundationEssentials
import Terminal

/// Plays a recorded event stream into the console.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recorded event stream into the console, as --record writes it.")

    /// How many events come in a second at speed 1: about what a quick model sends.
    static let eventsPerSecond = 50.0

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "1 is 50 events a second; max is as fast as it can.", valueName: "n|max"))
    var speed = "1"

    @Argument(help: "The recording: server-sent events.")
    var file: String

    func validate() throws {
        guard speed != "max", Double(speed).map({ $0 > 0 && $0 <= 1000 }) != true else { return }
        throw ValidationError("--speed is a number above 0, up to 1000, or max.")
    }

    func run() async throws {
        let recording = try self.recording()
        let home = try Home(common)
        var options = try ConsoleCommand.options(home)
        options.threadID = recording.threadID
        options.memoryPath = nil
        let bus = EventBus<ServiceEvent>()
        let player = Task { [speed] in await Self.play(recording, on: bus, speed: speed) }
        defer { player.cancel() }
        do throws(TerminalError) {
            let ending = try await ConsoleSession.run(
                service: ReplayService(recording), events: bus, options: options)
            ending.resume()
        } catch {
            throw Stop.failed("\(error)")
        }
    }

    private func recording() throws -> Recording {
        do {
            return try Recording([UInt8](Data(contentsOf: URL(filePath: file))))
        } catch let error as APIError {
            throw Stop.failed("\(file): \(error.message)")
        } catch {
            throw Stop.failed("\(file) could not be read. Is the path right?")
        }
    }

    private static func play(
        _ recording: Recording, on bus: EventBus<ServiceEvent>, speed: String
    ) async {
        let pause = Double(speed).map { Duration.seconds(1 / ($0 * eventsPerSecond)) }
        let clock = ContinuousClock()
        // The console subscribes and opens the thread first.
        var next = clock.now + .milliseconds(300)
        for (number, event) in recording.events.enumerated() {
            if pause != nil || number == 0 {
                guard (try? await clock.sleep(until: next, tolerance: .zero)) != nil else { return }
            }
            if let pause { next += pause }
            bus.publish(
                ServiceEvent(
                    sequence: number + 1, threadID: recording.threadID, runID: recording.runID,
                    kind: .run(event)))
        }
    }
}
