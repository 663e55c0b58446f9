/// A zip archive whose members may have any name; nothing in it is packed.
package struct ZipArchive: Sendable {
    /// The archive, as long as it has no end.
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Makes an archive of some members.
    package init(_ members: KeyValuePairs<String, String> = [:]) {
        for (name, text) in members { add(Array(text.utf8), named: name) }
    }

    /// Adds a member.
    package mutating func add(_ content: [UInt8], named name: String) {
        let name = Array(name.utf8)
        let offset = body.count
        // Version 2.0, names in UTF-8, stored, on the first of January 1980.
        var facts: [UInt8] = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]
        facts += Self.bytes(Self.sum(of: content), 4)
        facts += Self.bytes(UInt32(content.count), 4) + Self.bytes(UInt32(content.count), 4)
        facts += Self.bytes(UInt32(name.count), 2) + [0, 0]
        body += [0x50, 0x4B, 3, 4] + facts + name + content
        directory += [0x50, 0x4B, 1, 2, 20, 3] + facts + [UInt8](repeating: 0, count: 10)
        directory += Self.bytes(UInt32(offset), 4) + name
        count += 1
    }

    /// The whole archive.
    package var bytes: [UInt8] {
        let total = Self.bytes(UInt32(count), 2)
        return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + total + total
            + Self.bytes(UInt32(directory.count), 4) + Self.bytes(UInt32(body.count), 4) + [0, 0]
    }

    private static func bytes(_ number: UInt32, _ count: UInt32) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// The CRC-32 of zip.
    private static func sum(of content: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in content {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
