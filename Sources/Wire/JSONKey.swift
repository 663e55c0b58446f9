/// The name of a member while its object is read: compares with literals without allocating.
///
/// ```swift
/// switch key {
/// case "id": id = try reader.readString()
/// default: break                              // the reader skips what was not read
/// }
/// ```
public struct JSONKey: Sendable, CustomStringConvertible {
    private var words = SIMD4<UInt64>()
    @usableFromInline var count: Int
    /// The whole name when it is longer than the words hold: an array, as one reference is quickly
    /// let go of.
    private var long: [UInt8]?

    static let inlineLimit = 32

    /// The name that stands at a range of the text.
    @inline(__always)
    init(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) {
        count = range.count
        if count > Self.inlineLimit {
            long = [UInt8](text[range])
        } else if range.lowerBound &+ Self.inlineLimit <= text.count {
            // What follows the name comes with it, and is never looked at.
            words = text.loadUnaligned(
                fromByteOffset: range.lowerBound, as: SIMD4<UInt64>.self)
        } else {
            withUnsafeMutableBytes(of: &words) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[range]))
            }
        }
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { JSONKey(UnsafeRawBufferPointer($0), 0..<$0.count) }
    }

    /// The name; invalid UTF-8 in it is repaired.
    public var text: String {
        withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The name.
    public var description: String { text }

    /// Whether the name is this literal.
    @inlinable
    public static func == (key: JSONKey, literal: StaticString) -> Bool {
        key.count == literal.utf8CodeUnitCount && key.isEqual(to: literal)
    }

    /// Whether the name is another than this literal.
    @inlinable
    public static func != (key: JSONKey, literal: StaticString) -> Bool { !(key == literal) }

    /// Whether the name is this literal: what `switch` asks.
    @inlinable
    public static func ~= (literal: StaticString, key: JSONKey) -> Bool { key == literal }

    @usableFromInline
    func isEqual(to literal: StaticString) -> Bool {
        withBytes { name in literal.withBytes { name.isEqual(to: $0) } }
    }

    @inline(__always)
    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let long { return long.withUnsafeBytes(body) }
        return withUnsafeBytes(of: words) {
            body(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
    }
}
