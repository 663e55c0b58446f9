/// The parts of an absolute HTTP address that this module needs, without Foundation.
struct URLParts: Hashable, Sendable {
    /// `http` or `https`, in small letters.
    let scheme: String
    /// Host and, where given, port; never the user information.
    let authority: String
    /// Path and query, beginning with a slash.
    let target: String

    /// Nil when the text is not an address with scheme `http` or `https` and a host.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: Array("://".utf8))
        else { return nil }
        scheme = String(decoding: bytes[..<colon].map(\.lowercasedLetter), as: UTF8.self)
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = bytes[(colon + 3)...]
        let end = rest.firstIndex { Array("/?#".utf8).contains($0) } ?? rest.endIndex
        var host = rest[..<end]
        if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
        guard let first = host.first, first != UInt8(ascii: ":") else { return nil }
        authority = String(decoding: host, as: UTF8.self)
        let tail = rest[end...].prefix { $0 != UInt8(ascii: "#") }
        let slash = tail.first == UInt8(ascii: "/") ? "" : "/"
        target = slash + String(decoding: tail, as: UTF8.self)
    }
}
