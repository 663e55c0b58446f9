extension String {
    /// The text as it may be printed as it is: everything stays but what a terminal would obey.
    ///
    /// Controls become visible pictures, controls of direction and invisible tags are left out.
    /// Line feeds and tabs stay. Works on any piece of a text by itself, so that deltas can be
    /// printed as they come.
    package var printable: String {
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return self }
        var printable = UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: printable.append(scalar)
            case 0x0D: continue
            case 0..<0x20:
                printable.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: printable.append("\u{2421}")
            case 0x80..<0xA0: printable.append("\u{FFFD}")
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
            case 0xE0000...0xE007F: continue
            default: printable.append(scalar)
            }
        }
        return String(printable)
    }
}
