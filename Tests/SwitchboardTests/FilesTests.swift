import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("files") struct FilesTests {
    @Test("adds, lists, shows, gets and deletes, byte for byte") func whole() async throws {
        let home = try ProgramHome()
        let bytes: [UInt8] = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(bytes).write(to: URL(filePath: home.path + "/numbers.bin"))
        let added = try await home.run("files", "add", home.path + "/numbers.bin").succeeded()
        let id = try #require(added.lines.first)
        let listed = try await home.run("files").succeeded()
        let fields = try #require(listed.lines.first?.split(separator: "\t"))
        #expect(fields.first.map(String.init) == id && fields.last == "numbers.bin")
        #expect(fields.contains("200000") && fields.contains("assistants"))
        let shown = try await home.run("files", "show", id).succeeded()
        #expect(try JSONValue(parsing: shown.output)["filename"] == "numbers.bin")
        let got = try await home.run("files", "get", id, "--out", "-").succeeded()
        #expect(got.outputBytes == bytes)
        let place = home.path + "/copy.bin"
        let saved = try await home.run("files", "get", id, "--out", place).succeeded()
        #expect(saved.lines == [place])
        #expect(try home.files()["copy.bin"] == bytes)
        let again = try await home.run("files", "get", id, "--out", place)
        #expect(again.status == 1 && again.errors.contains("--out"), "\(again)")
        _ = try await home.run("files", "delete", id).succeeded()
        let gone = try await home.run("files", "show", id)
        #expect(gone.status == 1 && gone.errors.contains(id))
    }

    @Test(
        "saves a file under a name that can do no harm",
        arguments: ["../../x\u{1B}[2J.txt", "..", ".profile", "-rf", "a\u{202E}b", "ok.csv"])
    func names(name: String) async throws {
        let home = try ProgramHome()
        let path = try home.write("1,2", to: "given")
        let engine = try await Engine.open(directory: home.data, models: NoModels())
        let file = try await engine.createFile(
            FileUpload(path: path, filename: name, purpose: "assistants"), for: .trusted)
        await engine.close()
        let before = Set(try home.files().keys)
        let result = try await home.shell(
            "mkdir \(home.path)/here && cd \(home.path)/here && $switchboard files get \(file.id)"
        ).succeeded()
        let made = try home.files().filter {
            !before.contains($0.key) && $0.value == Array("1,2".utf8)
        }
        #expect(made.count == 1)
        let new = try #require(made.keys.first)
        #expect(new.hasPrefix("here/") && !new.hasPrefix("here/.") && !new.hasPrefix("here/-"))
        #expect(new.split(separator: "/").count == 2)
        let isPlain = new.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
        #expect(isPlain && result.lines == [String(new.dropFirst(5))])
        #expect(name != "ok.csv" || new == "here/ok.csv")
    }
}
