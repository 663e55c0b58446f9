/// Makes inputs from the bytes a terminal sends, however they are cut.
///
/// The parser has no clock: every call says what time it is, and the loop calls `timeOut` at
/// `deadline`. A lone Esc becomes a key after 25 ms. Should the rest of a sequence arrive after
/// that but within 150 ms of its last byte, the whole becomes the key it was, and `escapeSettled`
/// never comes.
package struct InputParser: Sendable {
    /// Silence after Esc that makes it a key, in nanoseconds.
    package static let escapeDelay: Int64 = 25_000_000
    /// Silence after Esc that rules out a slow sequence, in nanoseconds.
    package static let settleDelay: Int64 = 150_000_000
    /// Silence after which an unfinished control sequence is given up.
    static let sequenceDelay: Int64 = 500_000_000
    /// Silence after which an unfinished string (OSC, DCS) is given up.
    static let stringDelay: Int64 = 3_000_000_000
    /// Silence after which an unfinished paste is given out: long, for the rest would count as
    /// typed.
    static let pasteDelay: Int64 = 10_000_000_000
    /// Longer control sequences are skipped.
    static let sequenceLimit = 256
    /// Longer strings (OSC, DCS) are skipped.
    static let stringLimit = 64 * 1024
    /// What a paste may hold; the rest of it is dropped.
    package static let pasteLimit = 64 << 20

    /// The byte that the terminal's line settings call Backspace, besides 0x7F.
    package var eraseByte: UInt8 = 0x7f
    var state = State.ground
    /// Whether the escape that began this was already given out as a key.
    var isLate = false
    /// Whether an escape stood before the sequence, so that its key has Alt.
    var hasAlt = false
    var buffer: [UInt8] = []
    /// How many bytes of a paste's end have matched.
    var matched = 0
    private var lastByte: Int64 = 0
    /// When the lone escape that was given out arrived; nil when another byte followed.
    private var unsettled: Int64?

    enum State: Sendable {
        case ground
        case escape
        case control
        case singleShift
        /// The three bytes of an old mouse report, which nobody asked for.
        case oldMouse
        case string
        case stringEscape
        case paste
        case skippedControl
        case skippedString
        case skippedStringEscape
    }

    /// A parser at the start of input.
    package init() {}

    /// When `timeOut` must be called if no byte comes before, in monotonic nanoseconds.
    package var deadline: Int64? {
        let waiting = patience.map { lastByte + $0 }
        guard let settles = unsettled.map({ $0 + Self.settleDelay }) else { return waiting }
        return min(settles, waiting ?? settles)
    }

    private var patience: Int64? {
        switch state {
        case .ground: buffer.isEmpty ? nil : Self.sequenceDelay
        case .escape: Self.escapeDelay
        case .singleShift: Self.settleDelay
        case .control: buffer.isEmpty ? Self.settleDelay : Self.sequenceDelay
        case .oldMouse, .skippedControl: Self.sequenceDelay
        case .string, .stringEscape, .skippedString, .skippedStringEscape: Self.stringDelay
        case .paste: Self.pasteDelay
        }
    }

    /// Takes bytes that arrived now.
    ///
    /// Bytes that are here were not late, whatever the clock says: only `timeOut` ends a wait, and
    /// the loop calls it when there is nothing to read.
    package mutating func feed(_ bytes: [UInt8], at now: Int64) -> [Input] {
        guard !bytes.isEmpty else { return [] }
        var inputs: [Input] = []
        unsettled = nil
        lastByte = now
        bytes.withUnsafeBufferPointer { feed(contiguous: $0, &inputs) }
        return inputs
    }

    /// Gives out what waited for more bytes long enough.
    package mutating func timeOut(at now: Int64) -> [Input] {
        var inputs: [Input] = []
        if let patience, now >= lastByte + patience {
            giveUp(&inputs)
        }
        if let arrived = unsettled, now >= arrived + Self.settleDelay {
            unsettled = nil
            isLate = false
            inputs.append(.escapeSettled)
        }
        return inputs
    }

    private mutating func giveUp(_ inputs: inout [Input]) {
        switch state {
        case .escape:
            inputs.append(.key(Key(.escape, hasAlt ? .alt : [])))
            unsettled = lastByte
            isLate = true
        case .singleShift: giveIntroducer("O", &inputs)
        case .control where buffer.isEmpty: giveIntroducer("[", &inputs)
        case .paste: givePaste(&inputs)
        case .ground: inputs.append(.key(Key(.character("\u{fffd}"))))  // Half a character.
        case .control, .oldMouse, .string, .stringEscape, .skippedControl, .skippedString,
            .skippedStringEscape:
            break
        }
        hasAlt = false
        state = .ground
        buffer.removeAll()
    }

    /// The character after an escape was meant: Alt with it, or itself when the Esc is already out.
    private func giveIntroducer(_ character: Character, _ inputs: inout [Input]) {
        inputs.append(.key(Key(.character(character), isLate ? [] : .alt)))
    }

    private mutating func feed(
        contiguous bytes: UnsafeBufferPointer<UInt8>, _ inputs: inout [Input]
    ) {
        var index = 0
        while index < bytes.count {
            if state == .paste {
                index = takePaste(bytes, from: index, &inputs)
            } else {
                take(bytes[index], &inputs)
                index += 1
            }
        }
    }

    private mutating func take(_ byte: UInt8, _ inputs: inout [Input]) {
        switch state {
        case .ground: takeGround(byte, &inputs)
        case .escape: takeAfterEscape(byte, &inputs)
        case .control: takeControl(byte, &inputs)
        case .singleShift: takeSingleShift(byte, &inputs)
        case .oldMouse:
            buffer.append(byte)
            if buffer.count == 3 { reset() }
        case .string, .stringEscape, .skippedString, .skippedStringEscape: takeString(byte, &inputs)
        case .skippedControl: if (0x40...0x7e).contains(byte) { reset() }
        case .paste: break
        }
    }

    mutating func reset() {
        state = .ground
        hasAlt = false
        isLate = false
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.stringLimit)
    }
}
