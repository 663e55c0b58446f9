import Assistants
import AssistantsEngine
import Events
import Glibc
import Wire

/// Writes what happens to files: a run's events for `--record`, the bus for `--trace`.
final class Recorder: Sendable {
    private let record: FileWriter?
    private let engine: Engine
    private let mailbox: Mailbox<ServiceEvent>?
    private let tracing: Task<Void, Never>?

    /// Opens the files that the options name.
    /// - Throws: `Stop` when one cannot be written.
    init(_ options: CommonOptions, engine: Engine) throws(Stop) {
        self.engine = engine
        if let path = options.record { record = try FileWriter(path: path) } else { record = nil }
        guard let path = options.trace else {
            (mailbox, tracing) = (nil, nil)
            return
        }
        let writer = try FileWriter(path: path)
        let mailbox = engine.events.subscribe(merges: false)
        self.mailbox = mailbox
        tracing = Task {
            while let events = await mailbox.next() {
                for event in events { writer.write(event.traceLine) }
            }
        }
    }

    /// Writes an event as it would be on the wire.
    func record(_ event: AssistantEvent) {
        guard let record else { return }
        var bytes: [UInt8] = []
        ServerSentEvent(name: event.name, data: event.data).write(to: &bytes)
        record.write(bytes)
    }

    /// Ends tracing, once everything that was published before is written.
    func finish() async {
        if let mailbox { engine.events.unsubscribe(mailbox) }
        await tracing?.value
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

    deinit { close(descriptor) }

    /// Appends bytes; a disk that is full loses the recording, not the run.
    func write(_ bytes: [UInt8]) { _ = Output.write(bytes, to: descriptor) }
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
        case .modelsChanged: object["models_changed"] = true
        }
        return JSONValue.object(object).text.escapedForTerminal + [UInt8(ascii: "\n")]
    }
}
