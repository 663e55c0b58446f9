// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of ours: each names the targets it may import, and a test keeps that true.
func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests beside a target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

/// A program of `docs/examples`, which is one file.
func example(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "example-" + name, dependencies: dependencies, path: "docs/examples/" + name,
        swiftSettings: settings)
}

let package = Package(
    name: "switchboard",
    products: [
        .library(name: "AssistantsClient", targets: ["Assistants", "AssistantsClient"]),
        .library(name: "ChatCompletions", targets: ["ChatCompletions"]),
    ],
    dependencies: [
        .package(
            url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        // At least 2.100.0 and 1.44.1: a flood of headers crashed servers before.
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        .package(url: "https://github.com/apple/swift-nio-http2", .upToNextMinor(from: "1.46.0")),
        .package(url: "https://github.com/apple/swift-nio-extras", .upToNextMinor(from: "1.35.2")),
        .package(url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0")),
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
        .package(
            url: "https://github.com/swift-server/async-http-client", .upToNextMinor(from: "1.37.0")
        ),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            .upToNextMinor(from: "2.28.1"), traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CMarkdown", pkgConfig: "md4c", providers: [.apt(["libmd4c-dev"])]),
        .systemLibrary(name: "CNcurses"),
        .target(name: "CLinux"),
        .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        target("Wire"),
        target("Events"),
        target("TextLayout", ["CMarkdown"]),
        // The kernel's Python is in the program: nothing to find, and nobody can change it.
        .target(
            name: "Processes", dependencies: ["CLinux", "Wire"],
            resources: [.embedInCode("Kernel/kernel.py")], swiftSettings: settings),
        target("Speech", ["Processes", "TextLayout", "Transport", "Wire"]),
        target("Settings", [.product(name: "Yams", package: "Yams")]),
        target(
            "Transport",
            [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                // AsyncHTTPClient's; named here so that its version is ours to choose.
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
            ]),
        target("Assistants", ["Events", "Wire"]),
        target("ChatCompletions", ["Transport", "Wire"]),
        target("AssistantsClient", ["Assistants", "Transport", "Wire"]),
        target(
            "AssistantsEngine",
            [
                "Assistants", "ChatCompletions", "Events", "Processes", "Transport", "Wire",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        target(
            "AssistantsServer",
            [
                "Assistants", "CCrypto", "Wire",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        target(
            "Hosting",
            [
                "Assistants", "AssistantsClient", "AssistantsEngine", "AssistantsServer", "Events",
                "Transport", .product(name: "Logging", package: "swift-log"),
            ]),
        target("Terminal", ["CNcurses", "CLinux", "TextLayout"]),

        // No pkgConfig: it would tell everyone who only builds the program to install libvterm.
        .systemLibrary(name: "CVterm", path: "Tests/CVterm"),
        .target(
            name: "TestSupport",
            dependencies: [
                "Assistants", "AssistantsEngine", "CLinux", "CVterm", "Events", "Terminal",
                "Transport", "Wire",
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("Wire", ["Wire"]),
        tests("Events", ["Events"]),
        target(
            "Console",
            [
                "Assistants", "Events", "Processes", "Settings", "Speech", "Terminal",
                "TextLayout", "Wire",
            ]),
        .executableTarget(
            name: "switchboard",
            dependencies: [
                "Assistants", "AssistantsClient", "AssistantsEngine", "AssistantsServer",
                "CCrypto", "CLinux", "ChatCompletions", "Console", "Events", "Hosting",
                "Processes", "Settings", "Speech", "Terminal", "TextLayout", "Transport", "Wire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "switchboard-bench",
            dependencies: [
                "Assistants", "AssistantsClient", "CLinux", "Processes", "Wire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        tests(
            "ConsoleProgram",
            [
                "Assistants", "AssistantsClient", "AssistantsEngine", "CLinux", "Settings",
                "Transport", "Wire", "switchboard",
            ]),
        tests(
            "Switchboard",
            [
                "Assistants", "AssistantsClient", "AssistantsEngine", "CLinux", "ChatCompletions",
                "Events", "Settings", "Transport", "Wire", "switchboard",
            ]),
        example("handler", ["Assistants", "AssistantsClient"]),
        example("events", ["Assistants", "AssistantsClient"]),
        example("text-deltas", ["AssistantsClient"]),
        example("listeners", ["Assistants", "AssistantsClient"]),
        example("until-done", ["Assistants", "AssistantsClient"]),
        example("chat", ["ChatCompletions"]),
        example("speech", ["Speech", "Transport"]),
        tests("Tidy", []),
        tests("Peers", ["Assistants", "AssistantsClient", "Transport", "Wire", "switchboard"]),
        tests(
            "AssistantsEngine",
            [
                "Assistants", "AssistantsEngine", "Events", "Processes", "Wire",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests("ChatCompletions", ["ChatCompletions", "Transport", "Wire"]),
        tests("Transport", ["Transport"]),
        tests("Processes", ["Processes", "Wire"]),
        tests("Speech", ["Processes", "Speech", "Transport", "Wire"]),
        tests("Terminal", ["CLinux", "CVterm", "Terminal", "TextLayout"]),
        tests("TextLayout", ["CMarkdown", "TextLayout", "Wire"]),
        tests("Settings", ["Settings"]),
        tests("Assistants", ["Assistants", "Events", "Wire"]),
        tests(
            "Console",
            [
                "Assistants", "Console", "Events", "Processes", "Settings", "Speech", "Terminal",
                "TextLayout", "Transport", "Wire",
            ]),
        tests(
            "Hosting",
            [
                "Assistants", "AssistantsClient", "AssistantsEngine", "AssistantsServer", "Events",
                "Hosting", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests("AssistantsClient", ["Assistants", "AssistantsClient", "Transport", "Wire"]),
        tests(
            "AssistantsServer",
            [
                "Assistants", "AssistantsClient", "AssistantsEngine", "AssistantsServer", "Events",
                "Transport", "Wire", "switchboard",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)
