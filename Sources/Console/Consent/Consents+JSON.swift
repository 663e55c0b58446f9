import Processes
package import Wire

extension Consents {
    /// Reads the file; nil when it is none of ours. An entry that is damaged is left out, so that
    /// nothing is taken for allowed that was not.
    package init?(bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["version"]?.integerValue == 1 else {
            return nil
        }
        for entry in json["answers"]?.arrayValue ?? [] {
            if let answer = Answer(json: entry) { add(answer) }
        }
        for entry in json["begun"]?.arrayValue ?? [] {
            if let call = Begun(json: entry) { add(call) }
        }
    }

    /// The file.
    package var bytes: [UInt8] {
        let object: JSONObject = [
            "version": 1, "answers": .array(answers.map(\.json)),
            "begun": .array(begun.map(\.json)),
        ]
        return JSONValue.object(object).bytes
    }
}

extension Consents.Answer {
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue,
            let assistant = json["assistant"]?.stringValue,
            let function = json["function"]?.stringValue,
            let command = json["command"]?.words,
            let program = json["program"]?.stringValue, let folder = json["folder"]?.stringValue,
            let answer = json["answer"]?.stringValue, ["always", "never"].contains(answer),
            let time = json["time"]?.integerValue
        else { return nil }
        self.init(
            service: service, assistantID: assistant, function: function, command: command,
            program: program, folder: folder, isAllowed: answer == "always", time: time)
    }

    /// The entry, as the file has it and `switchboard tools --json` prints it.
    package var json: JSONValue {
        [
            "service": .string(service), "assistant": .string(assistantID),
            "function": .string(function), "command": .array(command.map { .string($0) }),
            "program": .string(program), "folder": .string(folder),
            "answer": isAllowed ? "always" : "never", "time": .integer(time),
        ]
    }
}

extension Consents.Begun {
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue,
            let thread = json["thread"]?.stringValue, let run = json["run"]?.stringValue,
            let call = json["call"]?.stringValue, let function = json["function"]?.stringValue,
            let command = json["command"]?.words, let time = json["time"]?.integerValue
        else { return nil }
        let owner = ProcessIdentity(
            number: json["process"]?.integerValue.flatMap { Int32(exactly: $0) } ?? 0,
            start: json["process_start"]?.integerValue ?? 0)
        self.init(
            service: service, threadID: thread, runID: run,
            stepID: json["step"]?.stringValue ?? "", callID: call, function: function,
            command: command, time: time, owner: owner, output: json["output"]?.stringValue)
    }

    /// The entry, as the file has it.
    package var json: JSONValue {
        var object: JSONObject = [
            "service": .string(service), "thread": .string(threadID), "run": .string(runID),
            "step": .string(stepID), "call": .string(callID), "function": .string(function),
            "command": .array(command.map { .string($0) }), "time": .integer(time),
            "process": .integer(Int(owner.number)), "process_start": .integer(owner.start),
        ]
        if let output { object["output"] = .string(output) }
        return .object(object)
    }
}

extension JSONValue {
    /// A list of texts, not empty; nil for anything else.
    fileprivate var words: [String]? {
        guard let list = arrayValue else { return nil }
        let words = list.compactMap(\.stringValue)
        return words.count == list.count && !words.isEmpty ? words : nil
    }
}
