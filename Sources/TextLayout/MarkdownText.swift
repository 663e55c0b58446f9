/// A message in Markdown while it grows, and its rows at a width.
package struct MarkdownText: Sendable {
    private let style: MarkdownStyle
    private var bytes: [UInt8] = []

    /// An empty message.
    package init(style: MarkdownStyle = .unicode) { self.style = style }

    /// The source text so far.
    package var source: String { String(decoding: bytes, as: UTF8.self) }

    /// Appends source text in UTF-8; any cut gives the same rows.
    package mutating func append(_ utf8: some Sequence<UInt8>) { bytes.append(contentsOf: utf8) }

    /// The message is complete.
    package mutating func finish() {}

    /// Rows at a width.
    package mutating func rowCount(width: Int) -> Int { lines(width: width).count }

    /// All rows at a width.
    package mutating func lines(width: Int) -> [Line] {
        source.canonicalised.wrapped(to: width).map { Line(spans: [Span(String($0), .body)]) }
    }

    /// The rows in a range at a width.
    package mutating func lines(_ rows: Range<Int>, width: Int) -> [Line] {
        Array(lines(width: width)[rows.clamped(to: 0..<rowCount(width: width))])
    }
}
