import Assistants
import FoundationEssentials
import Glibc
import Processes
import TestSupport
import Testing
import Wire

@testable import Console

@Suite("What was said about commands")
struct ConsentMemoryTests {
    /// A folder that goes with the test.
    private final class Folder {
        let path = "/tmp/switchboard-consents.\(UInt64.random(in: 0 ... .max))"
        var file: String { path + "/state/consents.json" }
        var keeper: ConsentKeeper { ConsentKeeper(path: file) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func answer(_ word: String, _ isAllowed: Bool = true) -> Consents.Answer {
        Consents.Answer(
            Stage.order(Stage.call(), Stage.command([word])), isAllowed: isAllowed, time: 7)
    }

    @Test("is remembered for the assistant, the exact command and the place")
    func exact() {
        var consents = Consents()
        let order = Stage.order(Stage.call(), Stage.command(["caf\u{e9}", "x"]))
        consents.add(Consents.Answer(order, isAllowed: true, time: 7))
        #expect(consents.answer(about: order)?.isAllowed == true)
        var others = [order, order, order, order, order, order, order]
        others[0].assistantID = "asst_9"
        others[1].service = "http://other"
        others[2].command.arguments = ["cafe\u{301}", "x"]
        others[3].command.arguments = ["caf\u{e9}", "x", ""]
        others[4].function = "get_Weather"
        others[5].command.program = "./caf\u{e9}"
        others[6].folder = "/elsewhere"
        for other in others { #expect(consents.answer(about: other) == nil, "\(other)") }
        // What it is called with does not matter.
        var called = order
        called.input = "{}"
        #expect(consents.answer(about: called) != nil)
        consents.add(Consents.Answer(order, isAllowed: false, time: 8))
        #expect(consents.answers.count == 1)
        #expect(consents.answer(about: order)?.isAllowed == false)
    }

    @Test("is kept in a file of the person's own, whichever console said it")
    func file() throws {
        let folder = Folder()
        #expect(folder.keeper.read() == Consents())
        #expect(folder.keeper.change { $0.add(answer("one")) } == nil)
        #expect(folder.keeper.change { $0.add(answer("two", false)) } == nil)
        let consents = folder.keeper.read()
        #expect(consents.answers == [answer("one"), answer("two", false)])
        #expect(Consents(bytes: consents.bytes) == consents)
        var status = stat()
        #expect(stat(folder.file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(folder.path + "/state", &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test("loses nothing when several consoles write at once")
    func several() async {
        let folder = Folder()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                let (keeper, answer) = (folder.keeper, answer("\(number)"))
                group.addTask { _ = keeper.change { $0.add(answer) } }
            }
        }
        #expect(folder.keeper.read().answers.count == 24)
    }

    @Test(
        "is nothing where the file is damaged",
        arguments: [
            "", "{", "[]", "nonsense", #"{"version":2,"answers":[]}"#,
            #"{"version":1,"answers":7}"#,
            #"{"version":1,"answers":[{"service":"/data","assistant":"asst","answer":"always"}]}"#,
        ])
    func damaged(text: String) throws {
        let folder = Folder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/state", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: folder.file))
        #expect(folder.keeper.read() == Consents())
        #expect(folder.keeper.change { $0.add(answer("one")) } == nil)
        #expect(folder.keeper.read().answers == [answer("one")])
    }

    @Test("leaves out of the file only what is damaged, and never takes it for allowed")
    func partly() throws {
        let good = try #require(String(bytes: answer("one").json.bytes, encoding: .utf8))
        let bad = [
            good.replacing("always", with: "Always"), good.replacing(#"["one"]"#, with: "[]"),
            good.replacing(#"["one"]"#, with: "[1]"), good.replacing(#"["one"]"#, with: #""one""#),
        ]
        let file = #"{"version":1,"answers":[\#((bad + [good]).joined(separator: ","))]}"#
        #expect(Consents(bytes: Array(file.utf8))?.answers == [answer("one")])
    }

    @Test("is nothing where somebody else could have written it")
    func foreign() {
        let folder = Folder()
        _ = folder.keeper.change { $0.add(answer("one")) }
        for mode: mode_t in [0o620, 0o602, 0o666] {
            chmod(folder.file, mode)
            #expect(folder.keeper.read() == Consents())
        }
        chmod(folder.file, 0o600)
        #expect(folder.keeper.read().answers.count == 1)
    }

    @Test("lets a call begin once, and again only for who knew that it had begun")
    func begin() {
        let folder = Folder()
        let order = Stage.order()
        #expect(folder.keeper.begin(order, by: .asked(begun: nil), wall: 5) == .begun)
        let begun = folder.keeper.read()
        #expect(begun.begun == [Consents.Begun(order, time: 5)])
        // Another console that was asked before, or by what was said or configured.
        for reason in [CommandReason.asked(begun: nil), .configured, .remembered] {
            #expect(folder.keeper.begin(order, by: reason, wall: 6) == .changed(begun))
        }
        #expect(folder.keeper.begin(order, by: .asked(begun: 5), wall: 6) == .begun)
        #expect(folder.keeper.read().begun.map(\.time) == [6])
        folder.keeper.withdraw(order, .asked(begun: 5))
        #expect(folder.keeper.read().begun.map(\.time) == [5])
        _ = folder.keeper.change { $0.remove([order.key], service: Stage.place) }
        #expect(folder.keeper.read().begun.isEmpty)
    }

    @Test("does not hold any more once it was taken back")
    func revoked() {
        let folder = Folder()
        let order = Stage.order()
        _ = folder.keeper.change { $0.add(Consents.Answer(order, isAllowed: true, time: 1)) }
        _ = folder.keeper.change { $0.answers = [] }
        #expect(folder.keeper.begin(order, by: .remembered, wall: 5) == .changed(Consents()))
    }

    @Test("cannot be begun where that cannot be written")
    func unwritable() {
        let keeper = ConsentKeeper(path: "/proc/nowhere/consents.json")
        guard case .unwritable = keeper.begin(Stage.order(), by: .asked(begun: nil), wall: 5) else {
            Issue.record("it was begun")
            return
        }
    }
}
