/// Which scalars may be shown as they are, and how many columns each takes.
///
/// `unicode` is our own table. `clamped(by:)` takes away what the terminal library does not know or
/// measures otherwise: canonical text shows those as U+FFFD, so that every width is one everybody
/// agrees on.
package struct WidthPolicy: Sendable, Hashable {
    var table: ScalarTable

    /// Unicode's own widths, all assigned scalars known.
    package static let unicode = WidthPolicy(table: .unicode)

    /// This policy without the scalars that `measure` (libc's `wcwidth`) does not know (negative)
    /// or gives another width. Costs about a millisecond: call it once, after `setlocale`.
    package func clamped(by measure: (UInt32) -> Int) -> WidthPolicy {
        var result = self
        // Above U+3347F nothing is assigned but tags and private use.
        for range in [UInt32(0xA0)...0xD7FF, 0xE000...0xFFFD, 0x10000...0x3347F] {
            for scalar in range {
                let entry = table[scalar]
                if entry.isUnknown || entry.kind == .ignorable { continue }
                if measure(scalar) != entry.width { result.table.markUnknown(scalar) }
            }
        }
        return result
    }

    /// Whether canonical text may hold the scalar.
    package func isKnown(_ scalar: UInt32) -> Bool { !table[scalar].isUnknown }

    /// Columns of a scalar in a cell grid, as libc's `wcwidth` says; unknown ones take 1.
    @inline(__always) package func columns(of scalar: UInt32) -> Int {
        let width = table[scalar].width
        return width == 3 ? 1 : width
    }
}

/// Columns that canonical text takes in one row.
package func columns(of text: some StringProtocol) -> Int {
    var total = 0
    for scalar in text.unicodeScalars {
        total += scalar.value < 0x7F ? 1 : WidthPolicy.unicode.columns(of: scalar.value)
    }
    return total
}

/// Columns that canonical UTF-8 takes in one row.
package func columns(ofUTF8 bytes: some Collection<UInt8>) -> Int {
    let measured = bytes.withContiguousStorageIfAvailable { buffer in
        var total = 0
        var offset = 0
        while offset < buffer.count {
            if buffer[offset] < 0x80 {
                total += 1
                offset += 1
                continue
            }
            let (scalar, length) = decodeScalar(buffer, offset)
            total += WidthPolicy.unicode.columns(of: scalar)
            offset += length
        }
        return total
    }
    return measured ?? columns(ofUTF8: Array(bytes))
}

/// The scalar at `offset` of valid UTF-8 and how many bytes it takes; U+FFFD and 1 elsewhere.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (UInt32, Int) {
    let first = UInt32(bytes[offset])
    if first < 0x80 { return (first, 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard first >= 0xC2, first < 0xF5, offset + length <= bytes.count else { return (0xFFFD, 1) }
    var scalar = first & (0x7F >> UInt32(length))
    for index in 1..<length {
        scalar = scalar << 6 | UInt32(bytes[offset + index] & 0x3F)
    }
    return (scalar, length)
}

/// Appends the UTF-8 of a scalar that is known to be valid.
@inline(__always) func appendUTF8(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
        bytes.append(UInt8(scalar))
    } else if scalar < 0x800 {
        bytes.append(UInt8(0xC0 | scalar >> 6))
        bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else if scalar < 0x10000 {
        bytes.append(UInt8(0xE0 | scalar >> 12))
        bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | scalar & 0x3F))
    } else {
        bytes.append(UInt8(0xF0 | (scalar >> 18 & 0x07)))
        bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
        bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        bytes.append(UInt8(0x80 | scalar & 0x3F))
    }
}
