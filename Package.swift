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

let package = Package(
    name: "switchboard",
    dependencies: [
        .package(
            url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        .package(url: "https://github.com/apple/swift-nio-http2", .upToNextMinor(from: "1.46.0")),
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        .package(url: "https://github.com/jpsim/Yams", .upToNextMinor(from: "6.2.2")),
        .package(
            url: "https://github.com/swift-server/async-http-client", .upToNextMinor(from: "1.37.0")
        ),
    ],
    targets: [
        .target(name: "Wire", swiftSettings: settings),
        .target(name: "Events", swiftSettings: settings),
        .target(name: "Assistants", dependencies: ["Wire", "Events"], swiftSettings: settings),
        .target(
            name: "AssistantsClient", dependencies: ["Assistants", "Wire"], swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["Assistants", "Events", "Wire"],
            path: "Tests/TestSupport",
            exclude: ["Peers.swift", "PseudoTerminal.swift", "RecordingDriver.swift"],
            swiftSettings: settings),
        .testTarget(
            name: "AssistantsClientTests",
            dependencies: ["Assistants", "AssistantsClient", "TestSupport", "Wire"],
            swiftSettings: settings),
        .testTarget(
            name: "AssistantsTests", dependencies: ["Assistants", "Events", "TestSupport", "Wire"],
            swiftSettings: settings),
        .testTarget(
            name: "EventsTests", dependencies: ["Events"], swiftSettings: settings),
    ]
)
