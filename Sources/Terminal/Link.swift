/// Addresses that the terminal may open when a cell is clicked.
enum Link {
    /// Longer addresses are not links; terminals drop them anyway.
    static let maximumBytes = 2083
    private static let schemes = ["http:", "https:", "mailto:", "ftp:"]

    /// The address as it may be sent to the terminal, or nil when it may not.
    static func safe(_ address: String) -> String? {
        guard address.utf8.count <= maximumBytes else { return nil }
        let start = address.prefix(8).lowercased()
        guard schemes.contains(where: { start.hasPrefix($0) }) else { return nil }
        var safe: [UInt8] = []
        for byte in address.utf8 {
            if byte > 0x20 && byte < 0x7f {
                safe.append(byte)
            } else {
                safe.append(contentsOf: [0x25, hexadecimal(byte >> 4), hexadecimal(byte & 15)])
            }
        }
        return safe.count <= maximumBytes ? String(decoding: safe, as: UTF8.self) : nil
    }

    /// A hash that is the same in every frame and never 0.
    static func hash(_ address: String) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in address.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return max(1, hash)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x41 + digit - 10
    }
}
