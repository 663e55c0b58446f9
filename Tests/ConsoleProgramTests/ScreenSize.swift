import Testing

/// The sizes at which the console must be of use.
enum ScreenSize: String, CaseIterable, CustomTestStringConvertible {
    case wide = "120×40"
    case usual = "80×24"
    case small = "60×15"

    var rows: Int {
        switch self {
        case .wide: 40
        case .usual: 24
        case .small: 15
        }
    }

    var columns: Int {
        switch self {
        case .wide: 120
        case .usual: 80
        case .small: 60
        }
    }

    /// Whether all three panes are in view; otherwise they are tabs.
    var hasBand: Bool { self != .small }

    var testDescription: String { rawValue }
}
