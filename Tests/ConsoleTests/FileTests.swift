import Assistants
import Foundation
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("Files in the console")
struct FileTests {
    /// A new empty folder, which is removed behind it.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "switchboard-files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func content(_ name: String, _ text: String = "a,b\n") -> FileContent {
        let file = File(
            id: "file_1", purpose: "assistants_output", filename: name, byteCount: text.utf8.count,
            createdAt: 1)
        let rest = Mutex([Array(text.utf8)])
        return FileContent(of: file) { rest.withLock { $0.popLast() } }
    }

    @Test("are never written over another")
    func save() async throws {
        try await withFolder { folder in
            let first = try await SavedFile.save(content("chart.csv"), in: [folder])
            let second = try await SavedFile.save(content("chart.csv", "c\n"), in: [folder])
            #expect(first == folder + "/chart.csv" && second == folder + "/chart-2.csv")
            #expect(try String(contentsOfFile: first, encoding: .utf8) == "a,b\n")
            let mode = try FileManager.default.attributesOfItem(atPath: first)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            // A link that lies in the way is not followed.
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/x.csv", withDestinationPath: folder + "/elsewhere")
            let third = try await SavedFile.save(content("x.csv"), in: [folder])
            #expect(third == folder + "/x-2.csv")
            #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
        }
    }

    @Test("go to the first folder that takes them")
    func folders() async throws {
        try await withFolder { folder in
            let path = try await SavedFile.save(
                content("a.txt"), in: [folder + "/missing", folder])
            #expect(path == folder + "/a.txt")
            await #expect(throws: APIError.self) {
                try await SavedFile.save(content("a.txt"), in: [folder + "/missing"])
            }
        }
    }

    @Test("with names that mean harm lie where they should", .enabled(if: Fixture.isPresent))
    func hostileNames() async throws {
        let suite = try JSONValue(
            parsing: Fixture.shared("suites/malicious/files/filenames.json"))
        let names = suite["cases"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.count > 5)
        try await withFolder { folder in
            for name in names + ["-rf", ".bashrc", "", "..", "a\u{202E}gpj.exe"] {
                let path = try await SavedFile.save(content(name), in: [folder])
                let last = try #require(path.split(separator: "/").last)
                #expect(path == folder + "/" + last, "\(name)")
                #expect(!last.hasPrefix(".") && !last.hasPrefix("-"))
                #expect(last.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format })
                #expect(last.utf8.count < 255)
            }
            let count = try FileManager.default.contentsOfDirectory(atPath: folder).count
            #expect(count == names.count + 5)
        }
    }

    @Test(
        "are opened only as what programs show",
        arguments: [
            ("a.png", "a.png"), ("a.PDF", "a.PDF"), ("run.sh", "run.sh.txt"),
            ("x.desktop", "x.desktop.txt"), ("page.html", "page.html.txt"), ("a", "a.txt"),
            ("pic.svg", "pic.svg.txt"), ("a.xml", "a.xml.txt"), ("a.xhtml", "a.xhtml.txt"),
            ("a.png.exe", "a.png.exe.txt"),
        ])
    func shown(name: String, as shown: String) {
        #expect(SavedFile.shown(name) == shown)
    }

    @Test("of the chosen message are saved and opened; of several one is picked")
    func keys() {
        var stage = Stage()
        stage.begin()
        let links = ["a.csv", "b.csv"].enumerated().map { place, name in
            Annotation(
                target: .filePath(fileID: "file_\(place)"), text: "sandbox:/mnt/data/\(name)",
                startIndex: 0, endIndex: 1)
        }
        var message = Stage.answer("msg_2", "", .completed)
        message.content = [.text(MessageText("x", annotations: [links[0], links[0]]))]
        stage.tell(.message(.completed, message))
        #expect(stage.effects == [.lookUp("file_0")])
        #expect(stage.shows("  ▫ a.csv · ^X w saves · ^X o opens"))
        stage.give(.file("file_0", FileInfo(name: "chart.csv", byteCount: 21)))
        #expect(stage.shows("  ▫ chart.csv · 21 bytes · ^X w saves"))
        stage.press("C-x w")
        #expect(stage.effects.last == .saveFile("file_0"))
        stage.give(.fileDone("Saved /home/me/chart.csv"))
        #expect(stage.shows("Saved /home/me/chart.csv"))
        message.content = [.text(MessageText("x", annotations: links))]
        stage.tell(.message(.completed, message))
        stage.press("C-x o")
        #expect(stage.shows(" Files ") && stage.shows("chart.csv") && stage.shows("b.csv"))
        stage.press("Down", "Enter")
        #expect(stage.effects.last == .openFile("file_1"))
        stage.escape()
        #expect(stage.state.popups.isEmpty)
    }

    @Test("where there are none are said so")
    func none() {
        var stage = Stage()
        stage.begin()
        stage.press("C-x w")
        #expect(stage.shows("There is no file here.") && stage.effects.isEmpty)
    }
}
