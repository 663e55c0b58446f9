/// Reads a string out of JSON that is the same as JSON read before but for that string.
///
/// Streams of deltas are like that: where the bytes before and behind the string are the same, so
/// is everything that they say, and only the string needs to be read.
public struct JSONTextPattern: Sendable {
    private var before: [UInt8] = []
    private var behind: [UInt8] = []

    /// A pattern that nothing fits.
    public init() {}

    /// Takes the pattern from JSON that was read.
    ///
    /// - Parameters:
    ///   - bytes: The JSON.
    ///   - range: Where the string stands in it, its quotes included.
    public mutating func learn(_ bytes: [UInt8], range: Range<Int>) {
        before = Array(bytes[..<range.lowerBound])
        behind = Array(bytes[range.upperBound...])
    }

    /// The string in bytes that fit; nil where others do.
    public func text(in bytes: [UInt8]) -> String? {
        let (start, end) = (before.count, bytes.count - behind.count)
        guard start > 0, start < end else { return nil }
        let fits = bytes.withUnsafeBytes { bytes in
            before.withUnsafeBytes { bytes.isEqual(to: $0, from: 0) }
                && behind.withUnsafeBytes { bytes.isEqual(to: $0, from: end) }
        }
        guard fits else { return nil }
        var reader = JSONReader(bytes)
        reader.index = start
        guard let text = try? reader.readString(), reader.index == end else { return nil }
        return text
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes stand at an offset; the caller has checked the bounds.
    @inline(__always)
    fileprivate func isEqual(to other: UnsafeRawBufferPointer, from offset: Int) -> Bool {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset &+ other.count]).isEqual(to: other)
    }
}
