/// The name of a member while its object is read: compares with literals without allocating.
///
/// ```swift
/// switch key {
/// case "id": id = try reader.readString()
/// default: break                              // the reader skips what was not read
/// }
/// ```
public struct JSONKey: Hashable, Sendable, CustomStringConvertible {
    private var words = SIMD4<UInt64>()
    private var count = 0
    /// The whole name when it is longer than the words hold.
    private var long: String?

    static let inlineLimit = 32

    init(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Self.inlineLimit else {
            long = String(decoding: bytes, as: UTF8.self)
            return
        }
        count = bytes.count
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { JSONKey(UnsafeRawBufferPointer($0)) }
    }

    /// The name; invalid UTF-8 in it is repaired.
    public var text: String {
        if let long { return long }
        return withUnsafeBytes(of: words) {
            String(decoding: UnsafeRawBufferPointer(rebasing: $0[..<count]), as: UTF8.self)
        }
    }

    /// The name.
    public var description: String { text }

    /// Whether the name is this literal.
    public static func == (key: JSONKey, literal: StaticString) -> Bool {
        if let long = key.long {
            return literal.utf8CodeUnitCount > inlineLimit && long == literal.description
        }
        guard key.count == literal.utf8CodeUnitCount else { return false }
        return withUnsafeBytes(of: key.words) { words in
            literal.withBytes {
                UnsafeRawBufferPointer(rebasing: words[..<key.count]).isEqual(to: $0)
            }
        }
    }

    /// Whether the name is another than this literal.
    public static func != (key: JSONKey, literal: StaticString) -> Bool { !(key == literal) }

    /// Whether the name is this literal: what `switch` asks.
    public static func ~= (literal: StaticString, key: JSONKey) -> Bool { key == literal }
}
