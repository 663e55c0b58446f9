/// Text that grows and its rows at one width. An append re-wraps from the last row's start only.
package struct WrappedText: Sendable {
    /// The canonical text so far.
    package private(set) var bytes: [UInt8] = []
    /// Columns of a row.
    package private(set) var width: Int
    private var starts: [UInt32] = [0]
    private var canonicaliser: Canonicaliser

    /// An empty text of one empty row.
    package init(width: Int, mode: TextMode = .prose, policy: WidthPolicy = .unicode) {
        self.width = max(1, width)
        canonicaliser = Canonicaliser(mode, policy: policy)
    }

    /// Rows, at least one.
    package var rowCount: Int { starts.count }

    /// Appends source text; a character cut at its end waits for its rest.
    package mutating func append(_ utf8: some Sequence<UInt8>) {
        canonicaliser.append(utf8, to: &bytes)
        wrapLast()
    }

    /// The text ends: what waited is shown.
    package mutating func finish() {
        canonicaliser.finish(to: &bytes)
        wrapLast()
    }

    /// Re-wraps all of the text at another width.
    package mutating func resize(to width: Int) {
        if width == self.width { return }
        self.width = max(1, width)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        wrapLast()
    }

    /// A row as shown, without trailing blanks.
    package func row(_ number: Int) -> String {
        String(decoding: bytes[shownRange(ofRow: number)], as: UTF8.self)
    }

    /// Where in the text a row lies, without trailing blanks.
    func shownRange(ofRow number: Int) -> Range<Int> {
        let next = number + 1 < starts.count ? starts[number + 1] : nil
        return TextRow(bytes, from: starts[number], to: next).shown
    }

    private mutating func wrapLast() {
        var breaks = RowBreaks(width: width)
        let last = Int(starts[starts.count - 1])
        bytes.withUnsafeBufferPointer { breaks.append(of: $0, from: last, to: &starts) }
    }
}
