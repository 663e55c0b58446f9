/// Character references of HTML: `&amp;`, `&#955;`, `&#x3bb;`.
enum Entity {
    /// The text that a whole reference stands for; nil when there is no such name.
    static func text(_ reference: UnsafeBufferPointer<UInt8>) -> String? {
        guard reference.count >= 3, reference.first == 0x26, reference.last == 0x3B else {
            return nil
        }
        let body = reference[1..<reference.count - 1]
        guard body.first == 0x23 else { return named[String(decoding: body, as: UTF8.self)] }
        let digits = body.dropFirst()
        let isHexadecimal = (digits.first ?? 0) | 0x20 == 0x78
        let text = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
        guard let value = UInt32(text, radix: isHexadecimal ? 16 : 10), value != 0,
            let scalar = Unicode.Scalar(value)
        else { return "\u{FFFD}" }
        return String(Character(scalar))
    }

    private static let named: [String: String] = {
        var result: [String: String] = [:]
        for word in entityNames.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let parts = word.split(separator: "=")
            var text = ""
            for digits in parts[1].split(separator: "+") {
                guard let value = UInt32(digits, radix: 16) else { continue }
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            result[String(parts[0])] = text
        }
        return result
    }()
}
