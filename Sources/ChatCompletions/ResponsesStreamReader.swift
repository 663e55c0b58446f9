import Wire

/// Turns the bytes of a stream of `/responses` into the events of a chat completion.
struct ResponsesStreamReader: AnswerReader {
    private(set) var failure: ChatError?
    private(set) var finishText: String?
    private(set) var isEnded = false
    private(set) var chunkCount = 0

    /// Nothing follows the end of a response.
    var lateError: ChatError? { nil }

    /// Hides keys in what the server says of a failure.
    var mask = KeyMask(nil)

    private let place: String
    private let makeID: @Sendable () -> String
    private var parser = EventParser(dialect: .openAI)
    private var hasStarted = false
    private var calls: [Call] = []
    private var partialUsage = PartialUsage()
    /// How many parts of a summary came: a blank line stands between them.
    private var summaryParts = 0
    /// An answer that is not streamed is kept until its end.
    private var whole: [UInt8] = []
    private var isStream: Bool?

    /// A call, by the names under which its pieces come.
    private struct Call: Sendable {
        var itemID: String?
        var outputIndex: Int?
        var argumentCount = 0
    }

    /// Creates a reader; `place` names the server in errors, `makeID` makes ids for calls that come
    /// without one.
    init(place: String, makeID: @escaping @Sendable () -> String = ChatStreamReader.randomID) {
        self.place = place
        self.makeID = makeID
    }

    mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard !isEnded else { return [] }
        if isStream == nil {
            let first = bytes.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
            if let first { isStream = !"{[<".utf8.contains(first) }
        }
        if isStream == true { return read(bytes) }
        whole += bytes
        if whole.count > ChatStreamReader.wholeLimit {
            fail(.badResponse, "an answer of more than \(ChatStreamReader.wholeLimit) bytes")
        }
        return []
    }

    mutating func finish() -> [ChatEvent] {
        guard !isEnded else { return [] }
        var events = isStream == true ? read(Array("\n\n".utf8)) : readWhole()
        if isEnded { return events }
        if finishText == nil, failure == nil { fail(.incomplete, "") }
        isEnded = true
        if failure == nil { events += ending() }
        return events
    }

    private mutating func read(_ bytes: [UInt8]) -> [ChatEvent] {
        var events: [ChatEvent] = []
        do throws(EventStreamError) {
            for event in try parser.feed(bytes) where !isEnded && !event.data.isEmpty {
                if event.isDone { continue }
                do throws(JSONError) {
                    events += take(try JSONValue(parsing: event.data), name: event.name)
                } catch {
                    fail(.badResponse, error.description)
                }
            }
        } catch {
            fail(.badResponse, error.description)
        }
        return events
    }

    private mutating func readWhole() -> [ChatEvent] {
        guard !whole.isEmpty else { return [] }
        guard let json = try? JSONValue(parsing: whole), let items = json["output"]?.arrayValue
        else {
            fail(ChatError(ErrorBody(body: whole), place: place))
            return []
        }
        var events = start(json)
        for item in items { events += takeWhole(item) }
        events += takeEnd(json)
        return events
    }

    // MARK: Events

    private mutating func take(_ json: JSONValue, name: String?) -> [ChatEvent] {
        chunkCount += 1
        if failure != nil { return [] }
        let delta = json["delta"]?.stringValue ?? ""
        switch json["type"]?.stringValue ?? name ?? "" {
        case "response.created", "response.in_progress", "response.queued":
            return start(json["response"])
        case "response.output_text.delta":
            return delta.isEmpty ? [] : start(nil) + [.text(delta)]
        case "response.refusal.delta": return delta.isEmpty ? [] : [.refusal(delta)]
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
            return delta.isEmpty ? [] : [.reasoning(delta)]
        case "response.reasoning_summary_part.added":
            summaryParts += 1
            return summaryParts > 1 ? [.reasoning("\n\n")] : []
        case "response.output_item.added": return begin(json)
        case "response.function_call_arguments.delta":
            return place(of: json).map { add(delta, to: $0) } ?? []
        case "response.output_item.done": return complete(json)
        case "response.completed", "response.incomplete", "response.failed":
            return takeEnd(json["response"] ?? .null)
        case "error":
            fail(ChatError(ErrorBody(error: json["error"] ?? json), place: place))
            return []
        default: return []
        }
    }

    private mutating func start(_ response: JSONValue?) -> [ChatEvent] {
        if hasStarted { return [] }
        hasStarted = true
        return [.started(model: response?["model"]?.stringValue ?? "")]
    }

    private mutating func begin(_ json: JSONValue) -> [ChatEvent] {
        guard let item = json["item"], item["type"] == "function_call" else { return [] }
        if calls.count >= ToolCallAssembler.callLimit {
            fail(.badResponse, "more calls than can be read")
            return []
        }
        let arguments = item["arguments"]?.stringValue ?? ""
        calls.append(
            Call(
                itemID: item["id"]?.stringValue, outputIndex: json["output_index"]?.integerValue,
                argumentCount: arguments.utf8.count))
        let id = item["call_id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        return start(nil) + [
            .toolCall(
                ChatToolCallDelta(
                    index: calls.count - 1, id: id ?? makeID(),
                    name: item["name"]?.stringValue ?? "", arguments: arguments))
        ]
    }

    private mutating func add(_ arguments: String, to place: Int) -> [ChatEvent] {
        if arguments.isEmpty { return [] }
        calls[place].argumentCount += arguments.utf8.count
        return [.toolCall(ChatToolCallDelta(index: place, arguments: arguments))]
    }

    /// Which call an event is about: by its item, else by its place in the output.
    private func place(of json: JSONValue) -> Int? {
        let id = json["item_id"]?.stringValue ?? json["item"]?["id"]?.stringValue
        if let id, let place = calls.lastIndex(where: { $0.itemID == id }) { return place }
        guard let index = json["output_index"]?.integerValue else { return nil }
        return calls.lastIndex { $0.outputIndex == index }
    }

    /// An item is whole: what no delta brought of it comes now.
    private mutating func complete(_ json: JSONValue) -> [ChatEvent] {
        guard let item = json["item"] else { return [] }
        switch item["type"]?.stringValue {
        case "function_call":
            guard let place = place(of: json) else { return begin(json) }
            guard calls[place].argumentCount == 0 else { return [] }
            return add(item["arguments"]?.stringValue ?? "", to: place)
        case "reasoning" where item["encrypted_content"]?.stringValue != nil:
            return [.kept(item)]
        default: return []
        }
    }

    private mutating func takeWhole(_ item: JSONValue) -> [ChatEvent] {
        switch item["type"]?.stringValue {
        case "message":
            var events: [ChatEvent] = []
            for part in item["content"]?.arrayValue ?? [] {
                if let text = part["text"]?.stringValue, !text.isEmpty {
                    events.append(.text(text))
                }
                if let text = part["refusal"]?.stringValue, !text.isEmpty {
                    events.append(.refusal(text))
                }
            }
            return events
        case "reasoning":
            let parts = item["summary"]?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
            let text = parts.joined(separator: "\n\n")
            return (text.isEmpty ? [] : [.reasoning(text)]) + complete(["item": item])
        default: return complete(["item": item])
        }
    }

    // MARK: The end

    private mutating func takeEnd(_ response: JSONValue) -> [ChatEvent] {
        if let usage = response["usage"] {
            var reader = JSONReader(usage.bytes)
            // What is no usage tells nothing.
            if let usage = try? PartialUsage(&reader) { partialUsage.update(usage) }
        }
        switch response["status"]?.stringValue {
        case "failed", "cancelled":
            fail(ChatError(ErrorBody(error: response["error"] ?? .null), place: place))
            return []
        case "incomplete":
            let reason = response["incomplete_details"]?["reason"]?.stringValue
            finishText = reason == "max_output_tokens" ? "length" : reason ?? "length"
        default: finishText = "stop"
        }
        isEnded = true
        return start(response) + ending()
    }

    private func ending() -> [ChatEvent] {
        var events: [ChatEvent] = []
        if let usage = partialUsage.usage { events.append(.usage(usage)) }
        let reason = finishText.map(FinishReason.init) ?? .stop
        events.append(.finished(reason == .stop && !calls.isEmpty ? .toolCalls : reason))
        return events
    }

    private mutating func fail(_ kind: ChatError.Kind, _ message: String) {
        fail(ChatError(kind, message: message, place: place))
    }

    private mutating func fail(_ error: ChatError) {
        if failure == nil { failure = mask.masked(error) }
    }
}
