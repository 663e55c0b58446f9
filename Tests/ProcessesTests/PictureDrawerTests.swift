import FoundationEssentials
import TestSupport
import Testing

@testable import Processes

extension SandboxPresence {
    /// Whether pictures can be drawn, or must be.
    fileprivate static var drawsPictures: Bool {
        (try? PictureDrawer()) != nil || ProcessInfo.processInfo.environment["CI"] != nil
    }
}

@Suite("A picture drawn in a sandbox", .enabled(if: SandboxPresence.drawsPictures))
struct PictureDrawerTests {
    /// Two by two points: red and green above blue and white. PPM, which needs no compression.
    private static let points: [UInt8] =
        Array("P6 2 2 255\n".utf8) + [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]

    @Test("becomes characters and colours")
    func draws() async throws {
        let drawer = try PictureDrawer()
        let drawing = try await drawer.drawing(
            of: Self.points, columns: 2, rows: 1, colors: .full)
        let text = String(decoding: try #require(drawing), as: UTF8.self)
        #expect(text.contains("38;2;") || text.contains("48;2;"))
        #expect(text.contains("▀") || text.contains("▄") || text.contains("▌"))
        let sixteen = try await drawer.drawing(
            of: Self.points, columns: 2, rows: 1, colors: .sixteen)
        #expect(!String(decoding: try #require(sixteen), as: UTF8.self).contains("38;2;"))
    }

    @Test("that is none gives nothing", arguments: ["", "no picture", "\u{89}PNG\r\n\u{1A}\n"])
    func none(text: String) async throws {
        let drawing = try await PictureDrawer().drawing(
            of: Array(text.utf8), columns: 10, rows: 10, colors: .full)
        #expect(drawing == nil)
    }

    @Test("that claims to be huge, or is cut, does no harm")
    func hostile() async throws {
        // A header that says 2^31 - 1 points in each direction, and nothing behind it.
        let huge: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
            + [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 8, 6, 0, 0, 0, 0, 0, 0, 0]
        let drawer = try PictureDrawer()
        #expect(try await drawer.drawing(of: huge, columns: 10, rows: 10, colors: .full) == nil)
        let large = [UInt8](repeating: 0, count: PictureDrawer.pictureLimit + 1)
        #expect(try await drawer.drawing(of: large, columns: 9, rows: 9, colors: .full) == nil)
    }
}
