import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("Saved objects on the command line", .timeLimit(.minutes(2))) struct SavedTests {
    private static let messages = """
        {"object":"list","data":[{"id":"msg_2","object":"thread.message","created_at":20,\
        "thread_id":"thread_1","role":"assistant","content":[{"type":"text","text":\
        {"value":"Striped.","annotations":[]}}]},{"id":"msg_1","object":"thread.message",\
        "created_at":10,"thread_id":"thread_1","role":"user","content":[{"type":"text","text":\
        {"value":"How?","annotations":[]}}]},{"id":"batch_1","object":"batch"}]}
        """

    @Test("are imported, shown, exported and imported elsewhere")
    func there() async throws {
        let home = try ProgramHome()
        let path = try home.write(Self.messages, to: "saved/messages.json")
        let trial = try await home.run("import", "--dry-run", path).succeeded()
        #expect(trial.output.hasPrefix("messages\t2\t0\t0\n"))
        let done = try await home.run("import", home.path + "/saved").succeeded()
        #expect(done.output.hasPrefix("messages\t2\t0\t0\n"))
        #expect(done.output.contains("1 × objects of the kind \"batch\" are not kept here"))
        let shown = try await home.run("threads", "show", "thread_1").succeeded()
        #expect(shown.output == "user:\nHow?\n\nassistant:\nStriped.\n\n")
        let again = try await home.run("import", path).succeeded()
        #expect(again.output.hasPrefix("messages\t0\t2\t0\n"))
        let exported = try await home.run("export", home.path + "/out").succeeded()
        #expect(exported.output.contains("messages\t2\n"))
        let other = try ProgramHome()
        _ = try await other.run("import", home.path + "/out").succeeded()
        _ = try await other.run("export", other.path + "/out").succeeded()
        let (one, two) = (try home.files(), try other.files())
        for (name, text) in one where name.hasPrefix("out/") { #expect(two[name] == text) }
    }

    private static let chat = """
        [{"title":"Zebras","conversation_id":"c-1","create_time":100.5,"current_node":"n2",
        "mapping":{"n1":{"parent":null,"message":{"id":"m1","author":{"role":"user"},
        "content":{"content_type":"multimodal_text","parts":["Stripes?",
        {"content_type":"image_asset_pointer","asset_pointer":"sediment://file_1"}]}}},
        "n2":{"parent":"n1","message":{"id":"m2","author":{"role":"assistant"},
        "content":{"content_type":"text","parts":["Yes."]}}}}}]
        """

    @Test("come out of the archive that ChatGPT gives, with its pictures")
    func archive() async throws {
        let home = try ProgramHome()
        let archive = ZipArchive([
            "conversations.json": Self.chat, "user-x/file_1-zebra.png": "a picture",
            "chat.html": "<html>", "user.json": #"{"id":"user-x","email":"a@example.org"}"#,
        ])
        let path = home.path + "/export.zip"
        try Data(archive.bytes).write(to: URL(filePath: path))
        let trial = try await home.run("import", "--dry-run", path).succeeded()
        let done = try await home.run("import", path).succeeded()
        #expect(done.output == trial.output)
        #expect(done.output.hasPrefix("files\t1\t0\t0\nthreads\t1\t0\t0\nmessages\t2\t0\t0\n"))
        #expect(done.output.contains("such as user"))
        let shown = try await home.run("threads", "show", "c-1").succeeded()
        #expect(shown.output.contains("Stripes?"))
        _ = try await home.run("export", home.path + "/out").succeeded()
        #expect(try home.files()["out/files/file_1.png"] == Array("a picture".utf8))
    }

    @Test(
        "come out of an archive with hostile names, which lead nowhere",
        .enabled(if: Fixture.isPresent))
    func hostileArchive() async throws {
        let home = try ProgramHome()
        let cases = try JSONValue(
            parsing: try Fixture.shared("suites/malicious/files/filenames.json"))
        let names = cases["cases"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.count > 40)
        let before = Set(try home.files().keys)
        var all = ZipArchive(["conversations.json": Self.chat])
        for name in names { all.add(Array("hostile".utf8), named: name) }
        // Those that lead elsewhere or are too long, each alone, too: the others may stop there.
        let worst = names.filter { $0.contains("..") || $0.hasPrefix("/") || $0.count > 100 }
        let archives =
            [all] + worst.map { ZipArchive([$0: "hostile", "conversations.json": Self.chat]) }
        let temporary = home.path + "/tmp"
        try home.write("", to: "tmp/.keep")
        for (place, archive) in archives.enumerated() {
            let path = home.path + "/a.zip"
            try Data(archive.bytes).write(to: URL(filePath: path))
            let result = try await home.run(
                "import", "--dry-run", path, environment: ["TMPDIR": temporary])
            #expect(result.status == 0, "\(place): \(result)")
            #expect(result.output.contains("messages\t2\t0\t0\n"), "\(place): \(result)")
            let text = result.output + result.errors
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.value >= 32 })
        }
        let new = Set(try home.files().keys).subtracting(before)
        let elsewhere = new.filter { !$0.hasPrefix("data/") && !$0.hasPrefix("state/") }
        #expect(Set(elsewhere) == ["a.zip", "tmp/.keep"])
    }

    @Test("that are damaged or not there end with a sentence")
    func troubles() async throws {
        let home = try ProgramHome()
        let missing = try await home.run("import", home.path + "/none")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("There is no file or folder"))
        let archive = try home.write("no archive", to: "chat.zip")
        let broken = try await home.run("import", archive)
        #expect(broken.status == 1)
        let empty = try home.write("[]", to: "empty.json")
        #expect(
            try await home.run("import", empty).succeeded().output
                == "Nothing was found to import.\n")
        let unwritable = try await home.run("export", "/proc/none")
        #expect(unwritable.status == 1)
    }

    @Test("are copied with the store, which is checked")
    func backup() async throws {
        let home = try ProgramHome()
        let path = try home.write(Self.messages, to: "messages.json")
        _ = try await home.run("import", path).succeeded()
        let copy = home.path + "/copy/switchboard.sqlite"
        try home.write("", to: "copy/.keep")
        _ = try await home.run("backup", copy).succeeded()
        let shown = try await home.run("threads", "show", "thread_1", "--data", home.path + "/copy")
            .succeeded()
        #expect(shown.output.contains("Striped."))
        #expect(try await home.run("backup", copy).status == 1)
    }
}
