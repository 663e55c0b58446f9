/// Makes ids as the hosted API had them: a prefix and 24 letters or digits (`CONTRACT.md` 3.1).
package struct IdentifierSource: Sendable {
    private var generator: any RandomNumberGenerator & Sendable

    /// Makes a source; tests give a generator that is the same in every run.
    package init(_ generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator())
    {
        self.generator = generator
    }

    /// A new id, such as `thread_…`; those of files have a hyphen.
    package mutating func next(_ prefix: String) -> String {
        var bytes = Array(prefix.utf8) + [UInt8(ascii: prefix == "file" ? "-" : "_")]
        for _ in 0..<24 {
            let index = Int(generator.next() % UInt64(Self.alphabet.count))
            bytes.append(Self.alphabet[index])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
}
