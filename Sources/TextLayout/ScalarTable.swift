/// What a scalar is to the rules of grapheme clusters (UAX #29) and of canonical text.
enum ScalarClass: UInt8 {
    case other, extend, spacingMark, prepend, regional, leadingJamo, vowelJamo, trailingJamo, emoji
    /// Shows nothing by itself: joiners, bidi controls, variation selectors, tags, fillers.
    case ignorable
}

/// Width and class of a scalar in one byte.
struct ScalarEntry: Hashable {
    /// `class * 4 + width`; width 3 means that the scalar is not known.
    var bits: UInt8

    /// Columns in a cell grid: 0, 1 or 2; 3 means unknown.
    @inline(__always) var width: Int { Int(bits & 3) }

    /// Whether the scalar is unassigned, or unknown to the terminal library.
    @inline(__always) var isUnknown: Bool { bits & 3 == 3 }

    /// The class for cluster and canonicalisation rules.
    @inline(__always) var kind: ScalarClass { ScalarClass(rawValue: bits >> 2) ?? .other }

    /// Whether the scalar sits on the cell before it.
    @inline(__always) var isMark: Bool { bits & 3 == 0 }
}

/// A two-stage table over all scalars: one page number per 256, then one byte each.
struct ScalarTable: Sendable, Hashable {
    private var pages: [UInt16]
    private var bytes: [UInt8]

    /// The table as Unicode has it, unpacked from `scalarRuns`.
    static let unicode = ScalarTable(runs: scalarRuns)

    private init(runs: StaticString) {
        pages = []
        bytes = []
        var known: [[UInt8]: UInt16] = [:]
        var page: [UInt8] = []
        page.reserveCapacity(256)
        Self.forEachRun(in: runs) { bits, length in
            for _ in 0..<length {
                page.append(bits)
                if page.count < 256 { continue }
                let number = known[page] ?? UInt16(known.count)
                if known.updateValue(number, forKey: page) == nil { bytes += page }
                pages.append(number)
                page.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Reads words of one digit (the value) and a hexadecimal length.
    private static func forEachRun(in runs: StaticString, _ body: (UInt8, Int) -> Void) {
        var value: UInt8?
        var length = 0
        func end() {
            if let value { body(value, length) }
            value = nil
            length = 0
        }
        runs.withUTF8Buffer { text in
            for byte in text {
                switch (byte, value) {
                case (0x20, _), (0x0A, _): end()
                case (0x30...0x39, nil): value = byte - 0x30
                case (0x41...0x5A, nil): value = byte - 0x41 + 10
                case (_, nil): value = byte &- 0x61 &+ 36
                case (0x30...0x39, _): length = length * 16 + Int(byte - 0x30)
                default: length = length * 16 + Int(byte &- 0x61 &+ 10)
                }
            }
        }
        end()
    }

    /// The entry of a scalar; values above U+10FFFF are unknown.
    @inline(__always) subscript(_ scalar: UInt32) -> ScalarEntry {
        let page = Int(scalar >> 8)
        guard page < pages.count else { return ScalarEntry(bits: 3) }
        return ScalarEntry(bits: bytes[Int(pages[page]) << 8 | Int(scalar & 0xFF)])
    }

    /// Marks one scalar as unknown. A page shared with others is split first.
    mutating func markUnknown(_ scalar: UInt32) {
        let page = Int(scalar >> 8)
        guard page < pages.count, !self[scalar].isUnknown else { return }
        let number = pages[page]
        if pages.contains(where: { $0 == number }), pages.filter({ $0 == number }).count > 1 {
            let start = Int(number) << 8
            pages[page] = UInt16(bytes.count >> 8)
            bytes += Array(bytes[start..<start + 256])
        }
        bytes[Int(pages[page]) << 8 | Int(scalar & 0xFF)] |= 3
    }
}
