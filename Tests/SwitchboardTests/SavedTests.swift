import FoundationEssentials
import TestSupport
import Testing

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
