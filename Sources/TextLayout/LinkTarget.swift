/// Where a link leads, safe to hand to a terminal: ASCII, bounded, of a scheme that only shows.
enum LinkTarget {
    /// The longest target that is passed on, in bytes.
    static let limit = 2083

    private static let schemes = ["http://", "https://", "mailto:"]

    /// The target with everything but visible ASCII percent-encoded; nil when it is none to open.
    static func target(_ url: [UInt8]) -> String? {
        let head = String(decoding: url.prefix(8), as: UTF8.self).lowercased()
        guard url.count <= limit, schemes.contains(where: head.hasPrefix) else { return nil }
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in url {
            if byte > 0x20, byte < 0x7F, byte != 0x22, byte != 0x3C, byte != 0x3E, byte != 0x5C {
                result.append(byte)
            } else {
                result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return result.count <= limit ? String(decoding: result, as: UTF8.self) : nil
    }
}
