import Assistants
import AssistantsEngine
import Events
import Glibc
import Wire

/// Writes what happens to files: the runs' events for `--record`, the bus for `--trace`.
final class Recorder: Sendable {
    private let record: FileWriter?
    private let engine: Engine
    private let mailbox: Mailbox<ServiceEvent>?
    private let tracing: Task<Void, Never>?

    /// Opens the files that the options name.
    init(_ options: CommonOptions, engine: Engine) throws {
        self.engine = engine
        record = try options.record.map { try FileWriter(path: $0) }
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

    /// Ends tracing; what was published before is written.
    func finish() {
        if let mailbox { engine.events.unsubscribe(mailbox) }
    }

    /// Waits until everything is written.
    func written() async {
        finish()
        await tracing?.value
    }
}

/// A file that bytes are appended to.
final class FileWriter: Sendable {
    private let descriptor: Int32

    /// Creates the file, or empties it.
    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            let reason = String(cString: strerror(errno))
            throw Stop.failed("Could not write \(path): \(reason). Choose another place.")
        }
    }

    deinit { close(descriptor) }

    /// Appends bytes; a disk that is full loses the recording, not the run.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension AssistantEvent {
    /// `{"event":…,"data":…}` and a line feed; controls that JSON allows are escaped too.
    var jsonLine: [UInt8] {
        let data =
            (try? JSONValue(parsing: self.data))
            ?? .string(String(decoding: self.data, as: UTF8.self))
        return (["event": .string(name), "data": data] as JSONValue).lineForTerminal
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
            object["data"] = (try? JSONValue(parsing: event.data)) ?? .null
        case .reasoning(let text): object["reasoning"] = .string(text)
        case .messageAdded(let message): object["message_added"] = message.json
        case .messageDeleted(let id): object["message_deleted"] = .string(id)
        case .threadChanged(let thread): object["thread_changed"] = thread.json
        case .threadDeleted: object["thread_deleted"] = true
        case .assistantChanged(let assistant): object["assistant_changed"] = assistant.json
        case .assistantDeleted(let id): object["assistant_deleted"] = .string(id)
        case .modelsChanged: object["models_changed"] = true
        }
        return JSONValue.object(object).lineForTerminal
    }
}

extension JSONValue {
    /// Compact JSON and a line feed, with every scalar that a terminal could obey escaped.
    var lineForTerminal: [UInt8] {
        var line: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                let digits = String(scalar.value, radix: 16)
                line += "\\u".utf8
                line += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                line += digits.utf8
            default: line += Character(scalar).utf8
            }
        }
        return line + [UInt8(ascii: "\n")]
    }
}
