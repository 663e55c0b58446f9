/// How large a picture is, by the first bytes of its file.
struct PixelSize: Hashable, Sendable {
    var width: Int
    var height: Int

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the size of a PNG, a GIF or a JPEG; nil for anything else.
    init?(of bytes: [UInt8]) {
        if bytes.starts(with: Self.png) {
            guard bytes.count >= 24 else { return nil }
            width = Self.number(bytes[16..<20])
            height = Self.number(bytes[20..<24])
        } else if bytes.starts(with: Array("GIF8".utf8)) {
            guard bytes.count >= 10 else { return nil }
            width = Self.number(bytes[6..<8].reversed())
            height = Self.number(bytes[8..<10].reversed())
        } else if bytes.starts(with: [0xFF, 0xD8]) {
            guard let size = Self.jpeg(bytes) else { return nil }
            self = size
        } else {
            return nil
        }
        if width == 0 || height == 0 { return nil }
    }

    private init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Goes from segment to segment up to the one that has the size.
    private static func jpeg(_ bytes: [UInt8]) -> PixelSize? {
        var place = 2
        while place + 9 <= bytes.count, bytes[place] == 0xFF {
            let kind = bytes[place + 1]
            let isFrame = (0xC0...0xCF).contains(kind) && ![0xC4, 0xC8, 0xCC].contains(kind)
            if isFrame {
                return PixelSize(
                    width: number(bytes[place + 7..<place + 9]),
                    height: number(bytes[place + 5..<place + 7]))
            }
            let length = number(bytes[place + 2..<place + 4])
            if length < 2 { return nil }
            place += 2 + length
        }
        return nil
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
