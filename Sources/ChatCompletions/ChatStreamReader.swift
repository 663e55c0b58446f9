import Wire

/// Turns the bytes of a chat completions stream into events, however the bytes are cut and
/// whichever server wrote them. Pure: no socket, no clock.
///
/// It never throws: `failure` says why an answer is broken, and what came before it stands.
public struct ChatStreamReader: Sendable {
    /// Why the answer is broken; nil while it is not.
    public private(set) var failure: ChatError?
    /// An error that came after the answer had its finish reason, which it cannot spoil.
    public private(set) var lateError: ChatError?
    /// The finish reason in the server's own word; nil while none has come.
    public private(set) var finishText: String?
    /// Whether the end has been told: nothing more will come.
    public private(set) var isEnded = false
    /// How many chunks have come.
    public private(set) var chunkCount = 0
    /// The tokens used, as far as the stream has told.
    public var usage: ChatUsage? { partialUsage.usage }

    /// Hides keys in what the server says of a failure.
    var mask = KeyMask(nil)

    private let place: String
    private var parser = EventParser(dialect: .openAI)
    private var thinking = ThinkTagSplitter()
    private var textCalls: TextToolCalls
    private var calls: ToolCallAssembler
    private var partialUsage = PartialUsage()
    private var hasStarted = false
    private var hasDelta = false
    private var form = Form.unknown
    /// An answer that is not streamed is kept until its end.
    private var whole: [UInt8] = []

    private enum Form {
        case unknown, events, whole
    }

    /// So large may an answer be that a server sends in one piece although a stream was asked for.
    public static let wholeLimit = 16 << 20

    /// Creates a reader.
    ///
    /// `place` names the server in errors; `makeID` makes ids for calls that come without one. Of
    /// the functions `toolsInText` calls are also read where a model writes them into its text, as
    /// some servers leave them there; text that begins like a call then comes only at its end.
    public init(
        place: String = "The model server", toolsInText: Set<String> = [],
        makeID: @escaping @Sendable () -> String = ChatStreamReader.randomID
    ) {
        self.place = place
        calls = ToolCallAssembler(makeID: makeID)
        textCalls = TextToolCalls(names: toolsInText)
    }

    /// `call_` and 24 random letters and digits.
    public static func randomID() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return "call_" + String((0..<24).compactMap { _ in letters.randomElement() })
    }

    /// Takes the next bytes and returns the events that they complete.
    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard !isEnded else { return [] }
        // What is kept of an unknown form is white space.
        if form == .unknown { form = Self.form(of: bytes) }
        switch form {
        case .unknown, .whole:
            whole += bytes
            if whole.count > Self.wholeLimit {
                fail(.badResponse, "an answer of more than \(Self.wholeLimit) bytes")
            }
            return []
        case .events:
            let kept = whole
            whole = []
            return read(kept.isEmpty ? bytes : kept + bytes)
        }
    }

    /// Takes the end of the bytes and returns the last events.
    ///
    /// An answer that had neither a finish reason nor the end mark is not complete: `failure` says
    /// so.
    public mutating func finish() -> [ChatEvent] {
        guard !isEnded else { return [] }
        var events: [ChatEvent] = []
        if form == .events {
            // Some servers leave out the blank line after their last event.
            events = read(Array("\n\n".utf8), isEnd: true)
            if isEnded { return events }
        } else {
            events = readWhole()
        }
        if finishText == nil, failure == nil { fail(.incomplete, "") }
        return events + end()
    }

    // MARK: Forms

    /// Decides by the first byte that is no white space; a stream's line cannot begin with a brace
    /// or a tag.
    private static func form(of bytes: [UInt8]) -> Form {
        let first = bytes.first { !($0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) }
        switch first {
        case nil: return .unknown
        case UInt8(ascii: "{"), UInt8(ascii: "<"), UInt8(ascii: "["): return .whole
        default: return .events
        }
    }

    private mutating func read(_ bytes: [UInt8], isEnd: Bool = false) -> [ChatEvent] {
        var events: [ChatEvent] = []
        do throws(EventStreamError) {
            for event in try parser.feed(bytes) where !isEnded {
                events += read(event, isEnd: isEnd)
            }
        } catch {
            fail(.badResponse, error.description)
        }
        return events
    }

    private mutating func read(_ event: ServerSentEvent, isEnd: Bool) -> [ChatEvent] {
        if event.data.isEmpty { return [] }
        if event.isDone {
            if finishText == nil, failure == nil, !hasStarted {
                fail(.incomplete, "")
            }
            return end()
        }
        if event.name == "error" {
            fail(ChatError(ErrorBody(body: event.data), place: place))
            return []
        }
        do throws(JSONError) {
            return read(try ChatChunk(event.data, wantsModel: !hasStarted))
        } catch {
            // A broken last line is a cut, which the end reports.
            if !isEnd { fail(.badResponse, error.description) }
            return []
        }
    }

    private mutating func readWhole() -> [ChatEvent] {
        defer { whole = [] }
        if whole.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return [] }
        if whole.looksLikePage {
            fail(.badResponse, ErrorBody(body: whole).message)
            return []
        }
        do throws(JSONError) {
            let chunk = try ChatChunk(whole, wantsModel: true)
            if !chunk.hasChoices, chunk.error == nil {
                fail(.badResponse, ErrorBody(body: whole).message)
            }
            let events = read(chunk)
            // An answer in one piece is complete, whatever it says about its end.
            if failure == nil, finishText == nil { finishText = "stop" }
            return events
        } catch {
            fail(.badResponse, error.description)
            return []
        }
    }

    // MARK: Chunks

    private mutating func read(_ chunk: ChatChunk) -> [ChatEvent] {
        chunkCount += 1
        if let usage = chunk.usage { partialUsage.update(usage) }
        if let error = chunk.error {
            fail(ChatError(error, place: place))
            return []
        }
        if failure != nil { return [] }
        var events: [ChatEvent] = []
        let delta = chunk.delta ?? (hasDelta ? nil : chunk.message)
        if chunk.delta != nil { hasDelta = true }
        if !hasStarted, chunk.model != nil || delta != nil {
            hasStarted = true
            events.append(.started(model: chunk.model ?? ""))
        }
        if let delta { events += read(delta) }
        if let finish = chunk.finish { finishText = finish }
        return events
    }

    private mutating func read(_ delta: ChatDelta) -> [ChatEvent] {
        var events: [ChatEvent] = []
        if !delta.reasoning.isEmpty { events.append(.reasoning(delta.reasoning)) }
        for piece in thinking.feed(delta.text) { events += read(piece) }
        if !delta.refusal.isEmpty { events.append(.refusal(delta.refusal)) }
        if !delta.toolCalls.isEmpty {
            events += calls.add(delta.toolCalls).map { .toolCall($0) }
            if calls.isOverflown { fail(.badResponse, "more calls than can be read") }
        }
        return events
    }

    private mutating func read(_ piece: ThinkTagSplitter.Piece) -> [ChatEvent] {
        switch piece {
        case .reasoning(let words): return [.reasoning(words)]
        case .text(let words):
            let text = textCalls.feed(words)
            return text.isEmpty ? [] : [.text(text)]
        }
    }

    /// The last events of an answer, and nothing but the held back text of a broken one.
    private mutating func end() -> [ChatEvent] {
        isEnded = true
        var events = thinking.finish().flatMap { read($0) }
        let held = textCalls.finish()
        if !held.text.isEmpty { events.append(.text(held.text)) }
        if failure != nil { return events }
        events += calls.add(held.calls).map { .toolCall($0) }
        events += calls.finish().map { .toolCall($0) }
        if !hasStarted { events.insert(.started(model: ""), at: 0) }
        if let usage { events.append(.usage(usage)) }
        events.append(.finished(finishReason))
        return events
    }

    /// Why the answer ended. Some servers say `stop`, or nothing, although calls are there.
    private var finishReason: FinishReason {
        let reason = finishText.map(FinishReason.init) ?? .stop
        return reason == .stop && !calls.isEmpty ? .toolCalls : reason
    }

    private mutating func fail(_ kind: ChatError.Kind, _ message: String) {
        fail(ChatError(kind, message: message, place: place))
    }

    private mutating func fail(_ error: ChatError) {
        let error = mask.masked(error)
        // `error` as a finish reason says that the error beside it is the reason.
        if let finishText, finishText != "error" {
            lateError = lateError ?? error
        } else {
            failure = failure ?? error
        }
    }
}
