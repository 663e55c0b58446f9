/// How many colours the terminal shows, and what becomes of those it cannot.
package enum ColorDepth: Int, Hashable, Sendable, Comparable {
    /// No colours, only attributes.
    case mono = 1
    /// The eight of old terminals.
    case eight = 8
    /// Eight plain and eight bright.
    case sixteen = 16
    /// The palette of 256.
    case palette = 256
    /// Any red, green and blue.
    case trueColor = 16_777_216

    package static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The depth for a terminal with so many palette colours, by the environment's `NO_COLOR` and
    /// `COLORTERM`.
    init(colors: Int, environment: (String) -> String?) {
        if environment("NO_COLOR").map({ !$0.isEmpty }) ?? false {
            self = .mono
        } else if colors >= 256 {
            let claim = environment("COLORTERM") ?? ""
            self = claim == "truecolor" || claim == "24bit" ? .trueColor : .palette
        } else {
            self = colors >= 16 ? .sixteen : colors >= 8 ? .eight : .mono
        }
    }

    /// The nearest colour that a terminal of this depth has.
    package func nearest(_ color: Color) -> Color {
        switch (self, color) {
        case (.mono, _), (_, .standard): .standard
        case (.trueColor, _), (.palette, .palette), (.sixteen, .palette(0..<16)),
            (.eight, .palette(0..<8)):
            color
        case (.eight, .palette(8..<16)): .palette(Self.index(color) - 8)
        case (.palette, .rgb(let red, let green, let blue)):
            .palette(Self.paletteIndex(red, green, blue))
        case (.sixteen, _): .palette(Self.basicIndex(color, among: 16))
        case (.eight, _): .palette(Self.basicIndex(color, among: 8))
        }
    }

    private static func index(_ color: Color) -> UInt8 {
        if case .palette(let index) = color { index } else { 0 }
    }

    /// The values of a channel in the cube of 216 colours.
    private static let levels = [0, 95, 135, 175, 215, 255]
    /// The first sixteen as xterm shows them.
    private static let basic: [(Int, Int, Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205),
        (0, 205, 205), (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
        (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    /// Red, green and blue of a palette colour as xterm shows it.
    package static func components(_ color: Color) -> (red: Int, green: Int, blue: Int)? {
        switch color {
        case .standard: return nil
        case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
        case .palette(let index):
            if index < 16 { return basic[Int(index)] }
            if index >= 232 {
                let grey = 8 + 10 * (Int(index) - 232)
                return (grey, grey, grey)
            }
            let cube = Int(index) - 16
            return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        }
    }

    private static func paletteIndex(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let wanted = (Int(red), Int(green), Int(blue))
        func level(_ value: Int) -> Int {
            levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
        }
        let cube = (level(wanted.0), level(wanted.1), level(wanted.2))
        let cubeColor = (levels[cube.0], levels[cube.1], levels[cube.2])
        let grey = max(0, min(23, ((wanted.0 + wanted.1 + wanted.2) / 3 - 3) / 10))
        let greyColor = (8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey)
        if distance(greyColor, wanted) < distance(cubeColor, wanted) { return UInt8(232 + grey) }
        return UInt8(16 + 36 * cube.0 + 6 * cube.1 + cube.2)
    }

    private static func basicIndex(_ color: Color, among count: Int) -> UInt8 {
        guard let wanted = components(color) else { return 0 }
        let nearest = (0..<count).min {
            distance(basic[$0], wanted) < distance(basic[$1], wanted)
        }
        return UInt8(nearest ?? 7)
    }

    private static func distance(_ left: (Int, Int, Int), _ right: (Int, Int, Int)) -> Int {
        let red = left.0 - right.0
        let green = left.1 - right.1
        let blue = left.2 - right.2
        return 2 * red * red + 4 * green * green + 3 * blue * blue
    }
}
