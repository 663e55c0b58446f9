extension ThemeColor {
    /// The nearest colour that a terminal of this depth shows.
    ///
    /// Black and palette place 8 are never chosen for 16 colours: on many terminals they cannot be
    /// read. A colour near them becomes the terminal's own.
    package func reduced(to depth: ColorDepth) -> ThemeColor {
        if self.depth <= depth { return self }
        guard depth > .none else { return .standard }
        let wanted = components
        return depth == .indexed ? Self.nearestIndexed(wanted) : Self.nearestOfSixteen(wanted)
    }

    /// Red, green and blue from 0 to 255; palette as in xterm, the terminal's own as grey.
    package var components: (red: Int, green: Int, blue: Int) {
        switch self {
        case .standard: (128, 128, 128)
        case .rgb(let red, let green, let blue): (Int(red), Int(green), Int(blue))
        case .palette(let index): Self.paletteComponents(Int(index))
        }
    }

    private static let sixteen: [(red: Int, green: Int, blue: Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
        (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
        (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]
    private static let cube = [0, 95, 135, 175, 215, 255]

    private static func paletteComponents(_ index: Int) -> (red: Int, green: Int, blue: Int) {
        if index < 16 { return sixteen[index] }
        if index >= 232 {
            let grey = 8 + (index - 232) * 10
            return (grey, grey, grey)
        }
        let place = index - 16
        return (cube[place / 36], cube[place / 6 % 6], cube[place % 6])
    }

    private static func nearestIndexed(
        _ wanted: (red: Int, green: Int, blue: Int)
    ) -> ThemeColor {
        .palette(UInt8(nearest(to: wanted, among: Array(16...255))))
    }

    private static func nearestOfSixteen(
        _ wanted: (red: Int, green: Int, blue: Int)
    ) -> ThemeColor {
        let index = nearest(to: wanted, among: Array(0...15))
        return index == 0 || index == 8 ? .standard : .palette(UInt8(index))
    }

    private static func nearest(
        to wanted: (red: Int, green: Int, blue: Int), among indices: [Int]
    ) -> Int {
        func distance(_ index: Int) -> Int {
            let color = paletteComponents(index)
            let (red, green, blue) = (
                color.red - wanted.red, color.green - wanted.green, color.blue - wanted.blue
            )
            return 3 * red * red + 6 * green * green + blue * blue
        }
        return indices.min { distance($0) < distance($1) } ?? 7
    }
}
