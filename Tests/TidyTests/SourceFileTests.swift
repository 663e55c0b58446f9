import Testing

@Suite("A source file")
struct SourceFileTests {
    private func file(_ text: String) -> SourceFile {
        SourceFile(path: "Sources/A/B.swift", text: text)
    }

    @Test("keeps code and blanks comments and strings")
    func blanking() {
        let text = #"""
            let a = "x { \(b("}")) /*" // }
            /* { /* */ { */ let c = #"\"{"#
            let d = """
                { "q" }
                """; e
            """#
        let words = file(text).words.map(\.text)
        #expect(words == ["let", "a", "let", "c", "let", "d", "e"])
        #expect(!file(text).code.contains("{") && !file(text).code.contains("}"))
    }

    @Test("finds imports however they are written")
    func imports() {
        let text = """
            public import Wire
            @testable import Events
            import struct Foundation.Data
            // import Nothing
            let text = "import Nothing"
            """
        #expect(file(text).imports == ["Wire", "Events", "Foundation"])
    }

    @Test("measures functions that have a body")
    func functions() {
        let text = """
            protocol P {
                func none() async
                init(a: Int)
            }
            struct S {
                init(_ make: () -> Int = { 1 }) {
                    self.init()
                }
                func one<T>(a: [Int]) -> T
                where T: P {
                    if a { b() }
                }
                static func == (a: S, b: S) -> Bool { true }
            }
            """
        #expect(
            file(text).functions == [
                Function(name: "init", line: 6, lineCount: 3),
                Function(name: "one", line: 9, lineCount: 4),
                // An operator has no word for a name: the next one stands for it.
                Function(name: "a", line: 13, lineCount: 1),
            ])
    }

    @Test("names the types it declares")
    func types() {
        let text =
            "final class Box {}\nclass func make() {}\nlet a = B.self.class\nenum Kind { case x }"
        #expect(file(text).declaredTypes == ["Box", "Kind"])
    }
}
