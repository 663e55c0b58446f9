/// Turns the bytes of an event stream into events, however the bytes are cut.
///
/// Feed it what the socket gives; it returns the events those bytes complete. Comments and unknown
/// fields are passed over without being kept, however long they are.
public struct EventParser: Sendable {
    /// The last event id that the stream has set; empty when none, and always in OpenAI's dialect.
    public private(set) var lastEventID: String
    /// The reconnection time that the stream has set, in milliseconds.
    public private(set) var retry: Int?

    private let dialect: EventDialect
    private let limit: Int
    private var splitter = LineSplitter()
    /// How many bytes of a byte order mark have come, or all when none is looked for any more.
    private var markLength: Int
    /// The beginning of a line whose end has not come yet.
    private var line: [UInt8] = []
    /// Whether the rest of the line is passed over.
    private var skipsLine = false
    private var event = PendingEvent()
    private var failure: EventStreamError?

    /// The most bytes that the lines of one event may have, unless another limit is asked for.
    public static let defaultLimit = 16 << 20

    /// A parser at the beginning of a stream.
    ///
    /// `limit` is the most bytes of one line or of one event's data; more is an error.
    /// `lastEventID` is the id of an earlier connection that this stream continues.
    public init(
        dialect: EventDialect = .standard, limit: Int = defaultLimit, lastEventID: String = ""
    ) {
        self.dialect = dialect
        self.limit = limit
        self.lastEventID = lastEventID
        markLength = dialect == .standard ? 0 : Self.byteOrderMark.count
    }

    /// Takes the next bytes and returns the events that they complete, in order.
    ///
    /// Throws when an event is larger than the limit, after the events before it have been
    /// returned; from then on every call throws until `reset`.
    @inlinable
    public mutating func feed(
        _ bytes: some Sequence<UInt8>
    ) throws(EventStreamError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        let isDone: Void? = bytes.withContiguousStorageIfAvailable {
            take(UnsafeRawBufferPointer($0), into: &events)
        }
        if isDone == nil {
            Array(bytes).withUnsafeBytes { take($0, into: &events) }
        }
        try throwFailure(after: events)
        return events
    }

    /// Takes note of the end of the stream and begins a new one.
    ///
    /// In both dialects an event whose blank line has not come is dropped, so nothing is returned
    /// today; `isInsideEvent` tells, before this call, whether something is lost.
    /// Throws what the last `feed` held back.
    public mutating func finish() throws(EventStreamError) -> [ServerSentEvent] {
        let failure = failure
        reset()
        if let failure { throw failure }
        return []
    }

    /// Forgets what is unfinished, and a failure, and begins a new stream; last event id and
    /// reconnection time stay.
    public mutating func reset() {
        self = EventParser(dialect: dialect, limit: limit, lastEventID: lastEventID, retry: retry)
    }

    /// How many bytes of the unfinished event and line are held: what the limit bounds.
    public var heldByteCount: Int { line.count + event.data.count }

    /// Whether the bytes so far end within an event.
    public var isInsideEvent: Bool {
        !line.isEmpty || skipsLine || !event.isEmpty
    }

    private init(dialect: EventDialect, limit: Int, lastEventID: String, retry: Int?) {
        self.init(dialect: dialect, limit: limit, lastEventID: lastEventID)
        self.retry = retry
    }
}

extension EventParser {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// The most memory that an empty line buffer keeps, in bytes.
    private static let keptCapacity = 64 << 10

    @usableFromInline
    func throwFailure(after events: [ServerSentEvent]) throws(EventStreamError) {
        if let failure, events.isEmpty { throw failure }
    }

    @usableFromInline
    mutating func take(_ bytes: UnsafeRawBufferPointer, into events: inout [ServerSentEvent]) {
        var index = markLength < Self.byteOrderMark.count ? skipByteOrderMark(bytes) : 0
        while index < bytes.count, failure == nil {
            let piece = splitter.next(in: bytes, from: index)
            index = piece.next
            let part = UnsafeRawBufferPointer(rebasing: bytes[piece.range])
            if piece.endsLine {
                endLine(with: part, into: &events)
            } else if !skipsLine {
                beginLine(with: part)
            }
        }
    }

    private mutating func skipByteOrderMark(_ bytes: UnsafeRawBufferPointer) -> Int {
        for (index, byte) in bytes.enumerated() {
            if byte != Self.byteOrderMark[markLength] {
                line.append(contentsOf: Self.byteOrderMark[..<markLength])
                markLength = Self.byteOrderMark.count
                return index
            }
            markLength += 1
            if markLength == Self.byteOrderMark.count { return index + 1 }
        }
        return bytes.count
    }

    /// Keeps the part of a line whose end has not come, unless its field is of no interest.
    private mutating func beginLine(with part: UnsafeRawBufferPointer) {
        let wasDecided = line.count >= EventField.decisiveLength
        line.append(contentsOf: part)
        if line.first == UInt8(ascii: ":")
            || (line.count >= EventField.decisiveLength
                && !wasDecided && line.withUnsafeBytes { !isKept(EventField(of: $0).name) })
        {
            line.removeAll(keepingCapacity: line.capacity <= Self.keptCapacity)
            skipsLine = true
        } else if line.count >= EventField.decisiveLength {
            checkSize(of: line.count)
        }
    }

    @inline(__always)
    private mutating func endLine(
        with part: UnsafeRawBufferPointer, into events: inout [ServerSentEvent]
    ) {
        if skipsLine {
            skipsLine = false
        } else if line.isEmpty {
            takeLine(part, into: &events)
        } else {
            var whole: [UInt8] = []
            swap(&whole, &line)
            whole.append(contentsOf: part)
            whole.withUnsafeBytes { takeLine($0, into: &events) }
            whole.removeAll(keepingCapacity: whole.capacity <= Self.keptCapacity)
            swap(&whole, &line)
        }
    }

    @inline(__always)
    private func isKept(_ field: EventField.Name) -> Bool {
        switch field {
        case .data, .event: true
        case .id, .retry: dialect == .standard
        case .unknown: false
        }
    }

    @inline(__always)
    private mutating func checkSize(of lineLength: Int) {
        if lineLength > limit || lineLength + event.data.count > limit {
            failure = .eventTooLarge(limit: limit)
            line = []
            event = PendingEvent()
        }
    }

    @inline(__always)
    private mutating func takeLine(
        _ line: UnsafeRawBufferPointer, into events: inout [ServerSentEvent]
    ) {
        if line.isEmpty { return dispatch(into: &events) }
        let field = EventField(of: line)
        guard isKept(field.name) else { return }
        checkSize(of: line.count)
        if failure != nil { return }
        let value = UnsafeRawBufferPointer(rebasing: line[field.valueStart...])
        switch field.name {
        case .data: event.append(value)
        case .event: event.setName(value)
        case .id: if !value.contains(0) { event.id = String(decoding: value, as: UTF8.self) }
        case .retry: setRetry(value)
        case .unknown: break
        }
    }

    private mutating func setRetry(_ digits: UnsafeRawBufferPointer) {
        if digits.isEmpty { return }
        var milliseconds = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return }
            let (product, overflows) = milliseconds.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(digit) - 0x30)
            if overflows || overflowsToo { return }
            milliseconds = sum
        }
        retry = milliseconds
        event.retry = milliseconds
    }

    @inline(__always)
    private mutating func dispatch(into events: inout [ServerSentEvent]) {
        if let id = event.id { lastEventID = id }
        if event.hasData || (dialect == .openAI && event.isNamed) {
            events.append(event.take(lastEventID: lastEventID))
        } else {
            event.clear()
        }
    }
}
