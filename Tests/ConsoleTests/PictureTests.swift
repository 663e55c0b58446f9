import Assistants
import Processes
import Settings
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("Pictures")
struct PictureTests {
    private func cells(_ text: String, columns: Int = 80, rows: Int = 24) -> PictureCells {
        PictureCells(drawing: Array(text.utf8), columns: columns, rows: rows)
    }

    @Test("are cells of blocks in the colours that are asked for")
    func colours() {
        let drawing = cells(
            "\u{1B}[0m\u{1B}[38;2;255;0;0;48;2;0;0;254m▄▀\u{1B}[39m▌\n"
                + "\u{1B}[97;40m▐\u{1B}[7m█\u{1B}[0m \n")
        #expect(drawing.rows.map(\.count) == [3, 3])
        let red = Style(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 254))
        #expect(drawing.rows[0][0] == .init(character: "▄", style: red))
        #expect(drawing.rows[0][2].style == Style(background: .rgb(0, 0, 254)))
        let white = Style(foreground: .palette(15), background: .palette(0))
        #expect(drawing.rows[1][0].style == white)
        #expect(drawing.rows[1][1].style == white.with(.reverse))
        #expect(drawing.rows[1][2] == .init(character: " ", style: .plain))
        #expect(drawing.styledRows[0].pieces.map(\.text) == ["▄▀", "▌"])
    }

    @Test(
        "are made of nothing else",
        arguments: [
            "\u{1B}]0;title\u{7}", "\u{1B}[2J", "\u{1B}[5n", "\u{1B}[?25l", "\u{1B}[31;m",
            "\u{1B}[38;2;1m", "\u{1B}[38;5;999m", "\u{1B}[38:2::1:2:3m", "\u{1B}P1$q\u{1B}\\",
            "\u{1B}[999999999999999999999999m", "\u{9B}31m", "é漢\u{202E}\u{200B}abc", "\r\u{8}\0",
            "\u{1B}[\u{1B}[m",
        ])
    func hostile(text: String) {
        let drawing = cells(text + "▄")
        #expect(
            drawing.rows.count == 1 && drawing.rows[0].allSatisfy { " ▄".contains($0.character) })
        #expect(drawing.rows[0].last?.character == "▄")
    }

    @Test("take any bytes, and never more than their place")
    func anyBytes() {
        var random = SeededGenerator(seed: 7)
        let bytes: [UInt8] = [0x1B, 0x5B, 0x3B, 0x6D, 0x0A, 0xE2, 0x96, 0x84, 0x33, 0x38, 0x32]
        for _ in 0..<300 {
            let drawing = (0..<200).map { _ in
                Bool.random(using: &random)
                    ? bytes.randomElement(using: &random) ?? 0
                    : UInt8.random(in: 0...255, using: &random)
            }
            let picture = PictureCells(drawing: drawing, columns: 5, rows: 3)
            #expect(picture.rows.count <= 3 && picture.rows.allSatisfy { $0.count <= 5 })
            let known = Set<Character>(" ▀▄█▌▐")
            #expect(picture.rows.joined().allSatisfy { known.contains($0.character) })
        }
    }

    @Test("have no more colours than a screen has room for")
    func fewColours() {
        var text = ""
        for number in 0..<2_000 {
            text += "\u{1B}[38;2;\(number % 256);\(number * 7 % 256);\(number * 13 % 256)m▄"
        }
        let picture = cells(text, columns: 2_000)
        let colours = Set(picture.rows.joined().map(\.style.foreground))
        #expect(colours.count <= PictureCells.colourLimit && colours.count > 20)
        // Few colours stay as they are.
        let few = cells("\u{1B}[38;2;1;2;3m▄\u{1B}[38;2;4;2;3m▄")
        #expect(few.rows[0][1].style.foreground == .rgb(4, 2, 3))
    }

    @Test("tell their size by their first bytes")
    func sizes() {
        let png: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
            + [0, 0, 2, 128, 0, 0, 1, 224]
        #expect(PixelSize(of: png) == PixelSize(of: png) && PixelSize(of: png)?.width == 640)
        #expect(PixelSize(of: png)?.height == 480)
        #expect(PixelSize(of: Array("GIF89a".utf8) + [3, 1, 2, 0])?.width == 259)
        let jpeg: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 17, 8, 0, 9, 1, 0, 3]
        #expect(PixelSize(of: jpeg)?.width == 256 && PixelSize(of: jpeg)?.height == 9)
        for length in 0..<jpeg.count - 1 {
            #expect(PixelSize(of: Array(jpeg.prefix(length))) == nil)
        }
        #expect(PixelSize(of: [0xFF, 0xD8] + Array(repeating: 0xFF, count: 90)) == nil)
        #expect(PixelSize(of: Array("no picture".utf8)) == nil)
    }

    // MARK: - In the panes

    private func stage(depth: Terminal.ColorDepth = .trueColor) -> Stage {
        var stage = Stage(rows: 40, columns: 100)
        stage.state.use(depth: .init(depth))
        stage.begin()
        var message = Stage.answer("msg_2", "Look.", .completed)
        message.content.insert(.imageFile(fileID: "file_1", detail: nil), at: 0)
        stage.tell(.message(.completed, message))
        return stage
    }

    @Test("are asked for when they are seen, once, and then drawn")
    func drawn() throws {
        var stage = stage()
        let request = PictureRequest(fileID: "file_1", columns: 96, rows: 20, colors: .full)
        #expect(stage.effects == [.lookUp("file_1"), .drawPicture(request)])
        stage.wait(.seconds(1))
        #expect(stage.effects.count == 2)
        #expect(stage.shows("  ▫ file_1 · ^X w saves · ^X o opens"))
        stage.give(.file("file_1", FileInfo(name: "plot\u{1B}[31m.png", byteCount: 12_300)))
        var picture = Picture()
        picture.cells = cells("\u{1B}[38;2;255;0;0m▄▄▄\n▀▀▀\n")
        picture.size = PixelSize(
            of: Array("GIF89a".utf8) + [128, 2, 224, 1])
        stage.give(.picture(request, picture))
        #expect(stage.shows("  ▄▄▄") && stage.shows("  ▀▀▀"))
        #expect(stage.shows(".png · 640×480 · 12 kB · ^X w saves · ^X o opens"))
        #expect(stage.effects.count == 2)
    }

    @Test("are a row where there are no colours, and where they cannot be drawn")
    func notDrawn() {
        var stage = stage(depth: .mono)
        #expect(stage.effects == [.lookUp("file_1")])
        stage = self.stage(depth: .sixteen)
        let request = PictureRequest(fileID: "file_1", columns: 96, rows: 20, colors: .sixteen)
        #expect(stage.effects.last == .drawPicture(request))
        var picture = Picture()
        picture.problem = "needs chafa to be shown"
        stage.give(.picture(request, picture))
        #expect(stage.shows("▫ file_1 · needs chafa to be shown · ^X w saves"))
    }

    @Test("of code are shown in its call, whole when it is unfolded")
    func tools() {
        var stage = Stage(rows: 40, columns: 100)
        stage.state.use(depth: .trueColor)
        stage.begin()
        let call = ToolCall(
            id: "c", kind: .codeInterpreter(input: "plot()", outputs: [.image(fileID: "file_1")]))
        var step = Stage.step("step_1", .toolCalls([call]))
        step.status = .completed
        stage.tell(.step(.completed, step))
        #expect(stage.effects == [.lookUp("file_1")])
        stage.press("M-2", "z")
        stage.press("Enter")
        guard case .drawPicture(let request)? = stage.effects.last else {
            Issue.record("no picture was asked for: \(stage.effects)")
            return
        }
        #expect(request.rows == 30)
        stage.press("w")
        #expect(stage.effects.last == .saveFile("file_1"))
    }
}
