import Assistants
import Wire

/// What a run must remember over a restart and its objects do not tell.
struct RunMemory: Hashable, Sendable {
    /// How many times the model was called.
    var rounds = 0
    /// The sum over all model calls.
    var usage = Usage()
    /// What the call cost whose functions wait for their outputs.
    var waitingUsage = Usage()
    /// What each file search looked for, by the call's id.
    var queries: [String: [String]] = [:]

    /// What the model wants back with the calls of a step, by the step's id.
    var kept: [RunStep.ID: [JSONValue]] = [:]
    /// Calls that a command has begun to answer and whose end is not known.
    var begun: Set<String> = []
    /// Pictures that were drawn and that no message shows yet.
    var images: [String] = []

    init() {}

    init(json: JSONValue) {
        rounds = json["rounds"]?.integerValue ?? 0
        usage = Usage(numbers: json["usage"])
        waitingUsage = Usage(numbers: json["waiting_usage"])
        for member in json["queries"]?.objectValue ?? [:] {
            queries[member.key] = member.value.arrayValue?.compactMap(\.stringValue) ?? []
        }
        for member in json["kept"]?.objectValue ?? [:] {
            kept[member.key] = member.value.arrayValue ?? []
        }
        begun = Set(json["begun"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        images = json["images"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    var json: JSONValue {
        var queries = JSONObject()
        for (id, texts) in self.queries.sorted(by: { $0.key < $1.key }) {
            queries[id] = .array(texts.map { .string($0) })
        }
        var kept = JSONObject()
        for (id, items) in self.kept.sorted(by: { $0.key < $1.key }) { kept[id] = .array(items) }
        return [
            "rounds": .integer(rounds), "usage": usage.numbers,
            "waiting_usage": waitingUsage.numbers, "queries": .object(queries),
            "kept": .object(kept),
            "begun": .array(begun.sorted().map { .string($0) }),
            "images": .array(images.map { .string($0) }),
        ]
    }
}

extension Usage {
    fileprivate init(numbers json: JSONValue?) {
        self.init(
            promptTokens: json?[0]?.integerValue ?? 0,
            completionTokens: json?[1]?.integerValue ?? 0,
            cachedTokens: json?[2]?.integerValue ?? 0,
            reasoningTokens: json?[3]?.integerValue ?? 0)
    }

    fileprivate var numbers: JSONValue {
        .array([
            .integer(promptTokens), .integer(completionTokens), .integer(cachedTokens),
            .integer(reasoningTokens),
        ])
    }
}
