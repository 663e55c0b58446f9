import Assistants
import Events
import FoundationEssentials
import Glibc
import Hosting
import TextLayout

/// The log in the state directory: which run came into which state, and when.
///
/// It holds no content, no names and no keys. Its size is bounded: a full log is begun anew, the
/// one before is kept beside it.
final class RunLog: Sendable {
    /// The most bytes of one file.
    static let limit = 1 << 20

    private let shared: SharedEngine
    private let mailbox: Mailbox<ServiceEvent>
    private let writing: Task<Void, Never>

    /// Begins to write; a log that cannot be written is none, which is no reason to stop.
    ///
    /// Only the process that runs the engine writes, so that no line is there twice.
    init(folder: String?, _ shared: SharedEngine) {
        self.shared = shared
        let mailbox = shared.events.subscribe()
        self.mailbox = mailbox
        writing = Task {
            let descriptor = folder.map { Self.open($0 + "/switchboard.log") } ?? -1
            var writes = true
            while let events = await mailbox.next() {
                if shared.isGuest { writes = false } else if shared.engine != nil { writes = true }
                let lines = events.compactMap(Self.line).joined()
                if descriptor >= 0, writes, !lines.isEmpty {
                    _ = Output.write(Array(lines.printable.utf8), to: descriptor)
                }
            }
            if descriptor >= 0 { close(descriptor) }
        }
    }

    /// Ends the log, once everything that was published before is written.
    func finish() async {
        shared.events.unsubscribe(mailbox)
        await writing.value
    }

    private static func line(_ event: ServiceEvent) -> String? {
        guard case .run(.run(_, let run)) = event.kind else { return nil }
        let time = Date.now.formatted(.iso8601)
        let error = run.lastError.map { " error=\($0.code)" } ?? ""
        let tokens = run.usage.map { " tokens=\($0.promptTokens)+\($0.completionTokens)" } ?? ""
        return
            "\(time) run=\(run.id) thread=\(run.threadID) status=\(run.status)\(error)\(tokens)\n"
    }

    private static func open(_ path: String) -> Int32 {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > limit { rename(path, path + ".1") }
        return Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }
}
