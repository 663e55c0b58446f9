import Testing
import Wire

@testable import AssistantsEngine

@Suite("Code in growing arguments") struct GrowingCodeTests {
    private static let cases: [(String, String)] = [
        (#"{"code":"print(1)"}"#, "print(1)"),
        (#" { "code" : "a\nb\t\"c\" \\ \/" , "x": 1 }"#, "a\nb\t\"c\" \\ /"),
        (#"{"lang":"py","opts":{"a":["}"],"code":"no"},"n":-1.5e3,"code":"yes"}"#, "yes"),
        (#"{"input":"é 😀 😀 ü"}"#, "é 😀 😀 ü"),
        (#"{"code":"\ud83dx \ud83d\ud83d\ude00 \udc00"}"#, "\u{FFFD}x \u{FFFD}😀 \u{FFFD}"),
        (#"{"code":"\q \u12x"}"#, #"\q \u12x"#),
        (#"{"code":"a","code":"b"}"#, "a"),
        (#"{"code":""}"#, ""),
    ]

    @Test("comes out whole however the arguments are cut", arguments: cases)
    func cuts(arguments: String, code: String) {
        let scalars = Array(arguments.unicodeScalars)
        for size in 1...max(1, scalars.count) {
            var growing = GrowingCode()
            var read = ""
            for start in stride(from: 0, to: scalars.count, by: size) {
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: scalars[start..<min(start + size, scalars.count)])
                read += growing.feed(String(piece))
            }
            #expect(read == code && growing.isComplete, "pieces of \(size)")
        }
    }

    @Test("comes with the piece of the arguments that it is in")
    func early() {
        var growing = GrowingCode()
        #expect(growing.feed(#"{"co"#) == "")
        #expect(growing.feed(#"de":"pri"#) == "pri")
        #expect(growing.feed(#"nt(1)\"#) == "nt(1)")
        #expect(growing.feed(#"nx"#) == "\nx")
        #expect(!growing.isComplete)
        #expect(growing.feed("\"") == "" && growing.isComplete)
    }

    @Test(
        "is told from what is no object",
        arguments: [
            ("print(1)", true), ("[1]", true), ("", true), ("{}", false), ("{\"a\":1}", false),
        ])
    func bare(arguments: String, isBare: Bool) {
        var growing = GrowingCode()
        #expect(growing.feed(arguments) == "")
        #expect(growing.isBare == isBare && !growing.isComplete)
    }
}

@Suite("Links to the code's files") struct FileLinkTests {
    @Test("are found with their places, the longest name first") func found() {
        let text =
            "Ü 👩‍👩‍👧 [a](sandbox:/mnt/data/a.csv), sandbox:/mnt/data/a.csv.gz and "
            + "sandbox:/mnt/data/none.txt or [b](sandbox:/mnt/data/my%20plots/b%C3%A9.png)."
        let links = FileLink.all(in: text, to: ["a.csv", "a.csv.gz", "my plots/bé.png"])
        #expect(links.map(\.file) == ["a.csv", "a.csv.gz", "my plots/bé.png"])
        let scalars = Array(text.unicodeScalars)
        for link in links {
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars[link.start..<link.end])
            #expect(String(part) == link.text)
        }
        #expect(FileLink.all(in: text, to: []) == [])
    }

    @Test(
        "end where the name does and nothing else goes on",
        arguments: [
            ("sandbox:/mnt/data/a.csv.gz", nil), ("sandbox:/mnt/data/a.csvx", nil),
            ("sandbox:/mnt/data/a.csv.", "sandbox:/mnt/data/a.csv"),
            ("(sandbox:/mnt/data/a.csv)", "sandbox:/mnt/data/a.csv"),
            ("sandbox:/mnt/data/a.csv。", "sandbox:/mnt/data/a.csv"),
            ("sandbox:/mnt/data/a.csv", "sandbox:/mnt/data/a.csv"),
            // The same sign, written otherwise: another name.
            ("sandbox:/mnt/data/e\u{301}.csv", nil),
            ("ssandbox:/mnt/data/sandbox:/mnt/data/a.csv", "sandbox:/mnt/data/a.csv"),
        ] as [(String, String?)])
    func ends(text: String, link: String?) {
        #expect(
            FileLink.all(in: text, to: ["a.csv", "\u{E9}.csv"]).map(\.text)
                == [link].compactMap { $0 })
    }
}
