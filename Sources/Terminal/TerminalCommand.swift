/// What else a terminal can be told, as bytes that cannot be anything but what they should be.
enum TerminalCommand {
    /// Longest title in cells.
    static let titleColumns = 80
    /// More text than this is not put on the clipboard: terminals cut or drop it. In bytes.
    static let clipboardLimit = 1 << 20

    /// OSC 2: the window's title, without control characters and cut to 80 cells.
    static func title(_ text: String) -> [UInt8] {
        var canvas = Canvas(rows: 1, columns: titleColumns)
        let columns = canvas.write(text.prefix(4 * titleColumns), row: 0, column: 0)
        let clean = canvas.cells(row: 0).prefix(columns).map(\.text).joined()
        return Array("\u{1b}]2;\(clean)\u{1b}\\".utf8)
    }

    /// OSC 52: puts text on the clipboard; nil when it is too long.
    static func copy(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= clipboardLimit else { return nil }
        return Array("\u{1b}]52;c;".utf8) + base64(Array(text.utf8)) + [0x1b, 0x5c]
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for place in 0..<3 {
                bits = bits << 8 | (place < group.count ? Int(group[start + place]) : 0)
            }
            for place in 0..<4 {
                encoded.append(
                    place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : 0x3d)
            }
        }
        return encoded
    }
}
