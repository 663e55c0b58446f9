import Terminal
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("Completing the name of a file")
struct FileCompletionTests {
    static func listing(_ names: String..., path: String = "") -> FolderListing {
        var listing = FolderListing()
        listing.path = Array(path.utf8)
        listing.entries = names.sorted().map { name in
            let isFolder = name.hasSuffix("/")
            return .init(
                Array((isFolder ? String(name.dropLast()) : name).utf8), isFolder: isFolder)
        }
        return listing
    }

    private static let home = listing(
        "Report.csv", "readme.md", ".hidden", "src/", "my papers/", "photo.png")

    /// The text that was typed, with the list of a folder that has some files.
    private func typed(_ text: String, rows: Int = 24, columns: Int = 80) -> Stage {
        var stage = Stage(rows: rows, columns: columns)
        stage.type(text)
        stage.give(.folder("", Self.home))
        return stage
    }

    private func names(_ stage: Stage) -> [String] {
        guard let list = stage.state.completion, let listing = list.listing, list.isShown else {
            return []
        }
        return list.matches.map { listing.entries[$0].name }
    }

    @Test("lists a folder behind an @ that begins a word, without hidden files")
    func list() {
        let stage = typed("look at @")
        #expect(stage.effects == [.listFolder("")])
        #expect(names(stage) == ["Report.csv", "my papers", "photo.png", "readme.md", "src"])
        #expect(stage.row(15).hasPrefix("─ Attach ─") && stage.row(15).contains("1 of 5"))
        #expect(stage.row(17) == "   my papers/")
        #expect(stage.row(22) == " › look at @")
        #expect(names(typed("@re")) == ["Report.csv", "readme.md"])
        #expect(names(typed("@RE")) == ["Report.csv", "readme.md"])
        #expect(names(typed("@.")) == [".hidden"])
        #expect(names(typed("@apers")) == ["my papers"])
    }

    @Test(
        "does not come up where no file is meant",
        arguments: ["a@b", "@ ", "@zzz", "@re you there", "mail me@re", "@re\u{1}"])
    func other(text: String) {
        #expect(names(typed(text)).isEmpty)
    }

    @Test("takes a file with Tab or Enter, whose name stays in the text")
    func take() {
        for key in ["Tab", "Enter"] {
            var stage = typed("compare @re")
            stage.press("Down", "Down", "Up", key)
            #expect(stage.state.conversation.draft.text == "compare readme.md ")
            #expect(stage.effects.last == .examine(Array("readme.md".utf8), for: ""))
            #expect(stage.state.completion == nil)
        }
    }

    @Test("goes into folders, whose names may have blanks")
    func folders() {
        var stage = typed("@my")
        stage.press("Tab")
        #expect(stage.state.conversation.draft.text == "@my papers/")
        #expect(stage.effects.last == .listFolder("my papers/"))
        stage.give(
            .folder("my papers/", Self.listing("plan one.txt", "plan two.txt", path: "my papers/")))
        stage.type("plan t")
        #expect(names(stage) == ["plan two.txt"])
        stage.press("Enter")
        #expect(stage.effects.last == .examine(Array("my papers/plan two.txt".utf8), for: ""))
        #expect(stage.state.conversation.draft.text == "plan two.txt ")
    }

    @Test("waits for the folder where a key comes before it was read", arguments: ["Tab", "Enter"])
    func quick(key: String) {
        var stage = Stage()
        stage.type("see @~/ph")
        stage.press(key)
        #expect(stage.state.focus == .input && stage.state.conversation.pending.isEmpty)
        // The folder that was meant before it is of no use.
        stage.give(.folder("", Self.home))
        #expect(stage.state.conversation.attached.isEmpty)
        stage.give(.folder("~/", Self.listing("photo.png", path: "/home/me/")))
        #expect(stage.state.conversation.attached.map(\.name) == ["photo.png"])
        #expect(stage.state.conversation.draft.text == "see photo.png ")
        stage.state.conversation.attached = []
        // Where there is nothing of the name, the key means what it always means.
        stage.type("@bob")
        stage.press(key)
        stage.give(.folder("", Self.home))
        #expect(stage.state.conversation.pending.isEmpty == (key == "Tab"))
        #expect((stage.state.focus == .chat) == (key == "Tab"))
    }

    @Test("goes on in a folder that a key waited for", arguments: ["Tab", "Enter"])
    func quickFolder(key: String) {
        var stage = Stage()
        stage.type("@sr")
        stage.press(key)
        stage.give(.folder("", Self.home))
        #expect(stage.state.conversation.draft.text == "@src/")
        #expect(stage.effects.last == .listFolder("src/"))
        // Of the list before, nothing can be chosen any more.
        stage.press("Enter")
        #expect(stage.state.conversation.draft.text == "@src/")
        stage.give(.folder("src/", Self.listing("main.c", path: "src/")))
        #expect(stage.state.conversation.attached.map(\.name) == ["main.c"])
    }

    @Test("closes with Esc, and stays closed for this word")
    func close() {
        var stage = typed("@re")
        stage.press("Esc")
        #expect(names(stage).isEmpty)
        stage.type("a")
        #expect(names(stage).isEmpty)
        stage.type(" @re")
        stage.give(.folder("", Self.home))
        #expect(!names(stage).isEmpty)
        // Sent as it is, when no list is open.
        stage.press("Esc", "Enter")
        #expect(stage.state.conversation.pending.map(\.text) == ["@rea @re"])
    }

    @Test("begins with a key, too, and says why a folder cannot be read")
    func key() {
        var stage = Stage()
        stage.type("see")
        stage.press("C-x f")
        #expect(stage.state.conversation.draft.text == "see @")
        stage.type("/root/")
        var listing = FolderListing()
        listing.problem = "This folder cannot be read: Permission denied."
        stage.give(.folder("/root/", listing))
        #expect(stage.shows("   This folder cannot be read: Permission denied."))
    }

    @Test("follows what is deleted and where the cursor goes")
    func editing() {
        var stage = typed("@read")
        stage.press("Backspace", "Backspace")
        #expect(names(stage) == ["Report.csv", "readme.md"])
        stage.press("Home")
        #expect(names(stage).isEmpty)
        // The cursor alone opens nothing.
        stage.press("End")
        #expect(stage.state.completion == nil)
        stage.type("a")
        stage.give(.folder("", Self.home))
        #expect(names(stage) == ["readme.md"])
        stage.press("C-u")
        #expect(names(stage).isEmpty)
    }

    @Test("leaves the history its keys")
    func history() {
        var stage = Stage()
        stage.type("one")
        stage.press("Enter")
        stage.type("to @re")
        stage.press("Esc", "Enter")
        stage.press("Up")
        #expect(stage.state.conversation.draft.text == "to @re")
        #expect(stage.state.completion == nil)
        stage.press("Up")
        #expect(stage.state.conversation.draft.text == "one")
    }

    @Test("fits the smallest screens", arguments: [(60, 15), (40, 8), (20, 5)])
    func small(columns: Int, rows: Int) {
        var stage = typed("@", rows: rows, columns: columns)
        stage.press("Down")
        #expect(stage.shows("my papers/"))
        stage.press("Down", "Enter")
        #expect(stage.state.conversation.attached.map(\.name) == ["photo.png"])
    }

    @Test("stays quick with thousands of names")
    func many() {
        var listing = FolderListing()
        listing.entries = (0..<20_000).map { .init(Array("file\($0).txt".utf8), isFolder: false) }
        var stage = Stage()
        stage.type("@")
        stage.give(.folder("", listing))
        stage.type("file1999")
        #expect(stage.state.completion?.matches.count == 11)
        #expect(stage.shows("   file19990.txt"))
    }

    @Test(
        "shows hostile names harmlessly, and attaches those files",
        .enabled(if: Fixture.isPresent))
    func hostile() throws {
        let suite = try JSONValue(parsing: Fixture.shared("suites/malicious/files/filenames.json"))
        let cases = try #require(suite["cases"]?.arrayValue)
        #expect(cases.count > 20)
        for name in cases.compactMap({ $0["name"]?.stringValue }) where !name.isEmpty {
            var stage = Stage(rows: 24, columns: 80)
            stage.type("@")
            var listing = FolderListing()
            listing.entries = [.init(Array(name.utf8), isFolder: false)]
            stage.give(.folder("", listing))
            check(stage, name)
            if name.hasPrefix(".") { stage.type(".") }
            stage.press("Tab")
            #expect(stage.effects.last == .examine(Array(name.utf8), for: ""), "\(name.prefix(80))")
            let facts = LocalFile.Facts(size: 1, modified: 0, isPicture: false)
            stage.give(.examined(Array(name.utf8), for: "", .success(facts)))
            check(stage, name)
            stage.press("Backspace")
        }
    }

    private func check(_ stage: Stage, _ name: String) {
        for scalar in stage.picture.unicodeScalars where scalar != "\n" {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format, "\(name.prefix(80))")
        }
    }

    @Test("reads folders as they are, and survives what is none")
    func reading() throws {
        let folder = try TestFiles()
        folder.write("b.txt", "1")
        folder.write("A.txt", "1")
        folder.makeFolder("sub")
        let found = FolderListing.read(folder.path + "/")
        #expect(found.entries.map(\.name) == ["A.txt", "b.txt", "sub"])
        #expect(found.entries.map(\.isFolder) == [false, false, true])
        #expect(FolderListing.read(folder.path + "/b.txt/").problem != nil)
        #expect(FolderListing.read("/nowhere/at/all/").problem != nil)
        #expect(FolderListing.read("\u{0}").entries.isEmpty)
    }
}
