/// Finds lines in bytes that come in pieces; CR, LF and CR LF each end one.
///
/// It keeps nothing but whether the last byte was a CR: joining the pieces of a line is the
/// caller's part, who may not want them.
struct LineSplitter: Sendable {
    private var endedWithCarriageReturn = false

    /// A line or a part of one.
    struct Piece {
        /// Where its bytes are, without the line end.
        var range: Range<Int>
        /// Whether the line ends here; if not, it goes on in the next bytes.
        var endsLine: Bool
        /// Where to look for the next piece.
        var next: Int
    }

    /// The piece that begins at `start`, which must not be past the end.
    @inline(__always)
    mutating func next(in bytes: UnsafeRawBufferPointer, from start: Int) -> Piece {
        var start = start
        if endedWithCarriageReturn, start < bytes.count {
            // CR LF is one line end, even when the two arrive in different chunks.
            endedWithCarriageReturn = false
            if bytes[start] == UInt8(ascii: "\n") { start &+= 1 }
        }
        let end = bytes.lineEnd(from: start)
        guard end < bytes.count else {
            return Piece(range: start..<end, endsLine: false, next: end)
        }
        var next = end &+ 1
        if bytes[end] == UInt8(ascii: "\r") {
            if next == bytes.count {
                endedWithCarriageReturn = true
            } else if bytes[next] == UInt8(ascii: "\n") {
                next &+= 1
            }
        }
        return Piece(range: start..<end, endsLine: true, next: next)
    }
}
