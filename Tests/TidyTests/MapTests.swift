import Testing

@Suite("The map of targets")
struct MapTests {
    /// What a target may import: ours, other packages', and what comes with Swift or the system.
    private struct Row {
        var ours: Set<String> = []
        var theirs: Set<String> = []
        var system: Set<String> = []
    }

    private static let edge: Set<String> = [
        "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization",
    ]
    private static let wire: Set<String> = ["NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL"]

    private static let rows: [String: Row] = [
        "Wire": Row(),
        "Events": Row(system: ["Synchronization"]),
        "TextLayout": Row(ours: ["CMarkdown"]),
        "Transport": Row(theirs: wire.union(["AsyncHTTPClient"]), system: edge),
        "Processes": Row(ours: ["CLinux", "Wire"], system: edge),
        "Settings": Row(theirs: ["Yams"], system: edge),
        "Assistants": Row(ours: ["Wire", "Events"], system: ["Synchronization"]),
        "ChatCompletions": Row(ours: ["Wire", "Transport"], system: ["Synchronization"]),
        "AssistantsClient": Row(ours: ["Assistants", "Wire", "Transport"], system: edge),
        "AssistantsEngine": Row(
            ours: ["Assistants", "ChatCompletions", "Events", "Processes", "Transport", "Wire"],
            theirs: ["GRDB"], system: edge),
        "AssistantsServer": Row(
            ours: ["Assistants", "CCrypto", "Wire"],
            theirs: wire.union([
                "HTTPTypes", "HummingbirdCore", "Logging", "NIOHTTPTypes", "NIOHTTPTypesHTTP1",
            ]), system: edge),
        "Speech": Row(ours: ["Transport", "Processes", "TextLayout", "Wire"], system: edge),
        "Terminal": Row(
            ours: ["CNcurses", "CLinux", "TextLayout"],
            system: ["Glibc", "Dispatch", "Synchronization"]),
        "Hosting": Row(
            ours: [
                "Assistants", "AssistantsClient", "AssistantsEngine", "AssistantsServer", "Events",
                "Transport",
            ], theirs: ["Logging"], system: edge),
        "Console": Row(
            ours: [
                "Assistants", "Settings", "Events", "Processes", "Speech", "Terminal",
                "TextLayout", "Wire",
            ], system: ["Glibc", "Synchronization"]),
    ]

    /// Where a service meets the bus, a screen and a voice, and what measures them.
    private static let executables: Set<String> = ["switchboard", "switchboard-bench"]

    private static let checkout = Checkout.current
    private static let files = checkout.sources.filter { $0.target != nil && $0.isSwift }

    @Test("names every target")
    func targets() {
        let swiftTargets = Set(Self.files.compactMap(\.target))
        let unknown = swiftTargets.subtracting(Self.rows.keys).subtracting(Self.executables)
        expectNone(unknown)
    }

    @Test("says what each target imports")
    func imports() {
        var bad: [String] = []
        for file in Self.files {
            guard let target = file.target, let row = Self.rows[target] else { continue }
            var allowed = row.ours.union(row.theirs).union(row.system).union([target])
            // The console's effects are its edge; all else in it is pure.
            if file.path.hasPrefix("Sources/Console/Effects/") { allowed.formUnion(Self.edge) }
            bad += file.imports.filter { !allowed.contains($0) }.map { "\(file.path): \($0)" }
        }
        expectNone(bad)
    }

    @Test("lets nobody import what starts slowly or has no use here")
    func banned() {
        let bad = Self.files.flatMap { file in
            file.imports.filter { $0 == "FoundationNetworking" }.map { "\(file.path): \($0)" }
        }
        expectNone(bad)
    }

    @Test(
        "gives each package that has a product to one target",
        arguments: [
            "AsyncHTTPClient", "HummingbirdCore", "GRDB", "ArgumentParser", "Yams", "Subprocess",
        ])
    func products(module: String) throws {
        let manifest = try #require(Self.checkout.text(of: "Package.swift"))
        // The benchmarks are a second program; what it shares with the first belongs to both.
        let importers = Set(
            Self.files.filter { $0.imports.contains(module) }.compactMap(\.target)
        ).subtracting(["switchboard-bench"])
        let isUsed = manifest.contains(".product(name: \"\(module)\"")
        #expect(
            importers.count == (isUsed ? 1 : 0), "\(module) is imported by \(importers.sorted())")
    }

    @Test("has nothing else at its top level")
    func topLevel() throws {
        let known: Set<String> = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "themes", "docs", "script",
            "README.md", "LICENSE", "NOTICE",
        ]
        let present = try Set(Self.checkout.topLevel())
        expectNone(present.subtracting(known))
    }
}
