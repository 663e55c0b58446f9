import Testing

@testable import Processes

@Suite("What a kernel says")
struct KernelReaderTests {
    private static let stream = Array(
        """
        {"event":"ready","python":"3.11.2","packages":["numpy",7]}
        {"event":"begun","cell":7}
        {"event":"text","source":"stdout","text":"Grüße 🌍\\n"}
        {"event":"text","source":"result","text":"2"}
        {"event":"image","name":".images/000001.png"}
        {"event":"file","name":"tief/ä.csv"}
        {"event":"cut"}
        {"event":"done","cell":7,"state":"error","error":"ValueError"}

        """.utf8)
    private static let events: [KernelEvent] = [
        .ready(python: "3.11.2", packages: ["numpy"]), .begun(cell: 7), .text("Grüße 🌍\n", .stdout),
        .text("2", .result), .image(name: ".images/000001.png"), .file(name: "tief/ä.csv"), .cut,
        .done(cell: 7, .failed("ValueError")),
    ]

    @Test("is the same however it is cut", arguments: [1, 2, 3, 7, 64, 4096])
    func cuts(size: Int) {
        var reader = KernelReader()
        var events: [KernelEvent] = []
        for start in stride(from: 0, to: Self.stream.count, by: size) {
            events += reader.feed(Array(Self.stream[start...].prefix(size)))
        }
        #expect(events == Self.events)
        #expect(reader.byteCount == Self.stream.count)
    }

    @Test(
        "is left out where it is not its language",
        arguments: [
            "", "x", "[]", "7", "{}", #"{"event":"text"}"#, #"{"event":"text","text":"a"}"#,
            #"{"event":"text","text":"","source":"stdout"}"#, #"{"event":"new"}"#,
            #"{"event":"text","text":"a","source":"moon"}"#, #"{"event":"done","state":"ok"}"#,
            #"{"event":"done","cell":1,"state":"fine"}"#, #"{"event":"file","name":"../a"}"#,
            #"{"event":"file","name":"/a"}"#, #"{"event":"file","name":"a\nb"}"#,
            #"{"event":"file","name":"a\u202eb"}"#, #"{"event":"ready"}"#, "{\"event\":\"cut\"",
            #"{"event":"done","cell":1e99,"state":"ok"}"#,
        ])
    func junk(line: String) {
        var reader = KernelReader()
        #expect(reader.feed(Array((line + "\n").utf8)).isEmpty)
        #expect(reader.feed(Array("{\"event\":\"cut\"}\n".utf8)) == [.cut])
    }

    @Test("is repaired where it is not UTF-8, and left out where it does not end")
    func bytes() {
        var reader = KernelReader()
        let broken =
            Array(#"{"event":"text","source":"stderr","text":"a"#.utf8) + [0xFF, 0xC3]
            + Array("\"}\n".utf8)
        #expect(reader.feed(broken) == [.text("a\u{FFFD}\u{FFFD}", .stderr)])
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: KernelReader.lineLimit)
        #expect(reader.feed(long).isEmpty && reader.feed(long).isEmpty)
        #expect(reader.feed(Array("\n{\"event\":\"cut\"}\n".utf8)) == [.cut])
    }

    @Test("names an exception only by what is a name")
    func names() {
        var reader = KernelReader()
        let lines = #"""
            {"event":"done","cell":1,"state":"error","error":"a\u001b[2J"}
            {"event":"done","cell":1,"state":"error"}
            {"event":"done","cell":1,"state":"exit","status":-1}
            {"event":"done","cell":1,"state":"interrupted"}

            """#
        #expect(
            reader.feed(Array(lines.utf8)) == [
                .done(cell: 1, .failed("an exception")), .done(cell: 1, .failed("an exception")),
                .done(cell: 1, .left(status: -1)), .done(cell: 1, .interrupted(.asked)),
            ])
    }
}

@Suite("A sandbox that does not start")
struct SandboxProblemTests {
    @Test("says what to do about it")
    func sentences() {
        let forbidden = "bwrap: No permissions to create new namespace, likely because …"
        #expect(SandboxProblem(said: forbidden) == .namespacesForbidden)
        #expect(
            SandboxProblem(said: "bwrap: setting up uid map: Permission denied\n")
                == .namespacesForbidden)
        #expect(
            SandboxProblem(said: "bwrap: Unknown option --disable-userns") == .bubblewrapTooOld)
        #expect(
            SandboxProblem(said: "first\nPython 3.9 or later is needed\u{1B}, and this is 3.8.\n")
                .description
                == "The sandbox did not start: Python 3.9 or later is needed, and this is 3.8.")
        #expect(SandboxProblem(said: "").description == "The sandbox did not start.")
        #expect(
            SandboxProblem(said: "bwrap: prctl(PR_SET_SECCOMP): Invalid argument")
                == .filterForbidden)
        let missing = SandboxProblem.missing(
            programs: ["bwrap", "/usr/bin/python3"], packages: ["bubblewrap", "python3"])
        #expect(
            missing.description
                == "There is no bwrap, no /usr/bin/python3 here, which the sandbox needs. On "
                + "Debian and Ubuntu: apt-get install bubblewrap python3")
    }
}
