import Assistants
import Events
import Glibc
import Wire

/// Writes what happens to files: runs' events for `--record`, the bus for `--trace`.
final class Recorder: Sendable {
    private let record: FileWriter?
    private let events: EventBus<ServiceEvent>
    private let mailbox: Mailbox<ServiceEvent>?
    private let following: Task<Void, Never>?

    /// Opens the files that the options name, and writes what passes the bus from now on.
    ///
    /// - Parameter everyRun: whether the events of all runs are recorded; otherwise those are that
    ///   are given to `record`.
    /// - Throws: `Stop` when a file cannot be written.
    init(
        _ options: CommonOptions, events: EventBus<ServiceEvent>, everyRun: Bool = true
    ) throws(Stop) {
        self.events = events
        let record = try FileWriter(optional: options.record)
        let trace = try FileWriter(optional: options.trace)
        self.record = record
        guard trace != nil || everyRun && record != nil else {
            (mailbox, following) = (nil, nil)
            return
        }
        let mailbox = events.subscribe(merges: false)
        self.mailbox = mailbox
        following = Task {
            while let events = await mailbox.next() {
                for event in events {
                    trace?.write(event.traceLine)
                    if everyRun, case .run(let event) = event.kind { record?.write(event) }
                }
            }
        }
    }

    /// Records an event of a run.
    func record(_ event: AssistantEvent) { record?.write(event) }

    /// Ends it, once everything that was published before is written.
    func finish() async {
        if let mailbox { events.unsubscribe(mailbox) }
        await following?.value
    }
}

/// A file that bytes are appended to.
final class FileWriter: Sendable {
    private let descriptor: Int32

    /// Creates the file, or empties it.
    /// - Throws: `Stop` when it cannot be written.
    init(path: String) throws(Stop) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            throw Stop.failed(
                "Could not write \(path): \(Output.reason(errno)). Choose another place.")
        }
    }

    /// Creates the file that an option names; nil where it names none.
    convenience init?(optional path: String?) throws(Stop) {
        guard let path else { return nil }
        try self.init(path: path)
    }

    deinit { close(descriptor) }

    /// Appends bytes; a disk that is full loses the recording, not the run.
    func write(_ bytes: [UInt8]) { _ = Output.write(bytes, to: descriptor) }

    /// Appends an event as it would be on the wire.
    func write(_ event: AssistantEvent) {
        var bytes: [UInt8] = []
        ServerSentEvent(name: event.name, data: event.data).write(to: &bytes)
        write(bytes)
    }
}

extension AssistantEvent {
    /// `{"event":…,"data":…}`; a `data` that is no JSON, such as that of `done`, is a text.
    var json: JSONValue {
        let data =
            (try? JSONValue(parsing: self.data))
            ?? .string(String(decoding: self.data, as: UTF8.self))
        return ["event": .string(name), "data": data]
    }
}

extension ServiceEvent {
    /// The event and where it belongs, as a line of JSON.
    var traceLine: [UInt8] {
        var object: JSONObject = ["sequence": .integer(sequence)]
        if !threadID.isEmpty { object["thread_id"] = .string(threadID) }
        if !runID.isEmpty { object["run_id"] = .string(runID) }
        switch kind {
        case .run(let event):
            object["event"] = .string(event.name)
            object["data"] = event.json["data"]
        case .reasoning(let text): object["reasoning"] = .string(text)
        case .messageAdded(let message): object["message_added"] = message.json
        case .messageDeleted(let id): object["message_deleted"] = .string(id)
        case .threadChanged(let thread): object["thread_changed"] = thread.json
        case .threadDeleted: object["thread_deleted"] = true
        case .assistantChanged(let assistant): object["assistant_changed"] = assistant.json
        case .assistantDeleted(let id): object["assistant_deleted"] = .string(id)
        case .streamHealth(let health): object["stream_health"] = health.json
        case .modelsChanged: object["models_changed"] = true
        case .objectsImported: object["objects_imported"] = true
        }
        return JSONValue.object(object).text.escapedForTerminal + [UInt8(ascii: "\n")]
    }
}
