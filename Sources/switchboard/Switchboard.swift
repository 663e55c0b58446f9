import ArgumentParser
import CLinux
import Glibc

/// The program: the console, and the commands that do without one.
@main
struct Switchboard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchboard",
        abstract: "A terminal console for assistants, and a home for them.",
        discussion: """
            Without a command it opens the console. Exit codes: 0 done, 1 failed, 2 usage, \
            130 interrupted.
            """,
        version: Version.text,
        subcommands: [
            ConsoleCommand.self, AskCommand.self, AssistantsCommand.self, ThreadsCommand.self,
            ModelsCommand.self, ServeCommand.self, KeysCommand.self, ImportCommand.self,
            ExportCommand.self, BackupCommand.self, DoctorCommand.self, ReplayCommand.self,
            FilesCommand.self, ToolsCommand.self, SpeakCommand.self, VoicesCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)

    static func main() async {
        // A reader that goes away, as in `switchboard ask … | head`, is noticed by write.
        signal(SIGPIPE, SIG_IGN)
        openStandardStreams()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let stop as Stop {
            if !stop.message.isEmpty { Output.error(stop.message) }
            Glibc.exit(stop.code)
        } catch {
            end(with: error)
        }
    }

    /// Gives each standard stream that the caller closed something harmless, so that no file of
    /// ours takes its number.
    private static func openStandardStreams() {
        var descriptor = open("/dev/null", O_RDWR)
        while descriptor >= 0, descriptor <= STDERR_FILENO {
            descriptor = open("/dev/null", O_RDWR)
        }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Ends as ArgumentParser would, but with this program's exit codes.
    private static func end(with error: any Error) -> Never {
        let message = fullMessage(for: error)
        switch exitCode(for: error) {
        case .success:
            if !message.isEmpty { Output.text(message + "\n") }
            Glibc.exit(0)
        case .validationFailure:
            Output.error(message)
            Glibc.exit(2)
        default:
            Output.error("\(error)")
            Glibc.exit(1)
        }
    }
}

/// A reason to end the program, with what to say and the exit code.
struct Stop: Error {
    var message: String
    var code: Int32

    /// Something that was attempted and failed.
    static func failed(_ message: String) -> Stop { Stop(message: message, code: 1) }
    /// A command that cannot be meant.
    static func usage(_ message: String) -> Stop { Stop(message: message, code: 2) }
    /// The person interrupted.
    static let interrupted = Stop(message: "", code: 130)
}

/// What this program calls itself.
enum Version {
    static let text = "0.1.0"
}
