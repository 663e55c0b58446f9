import Assistants
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Console

@Suite("Files that are opened")
struct OpeningTests {
    /// What came of opening a file with a program.
    private func open(with opener: String, in files: TestFiles) async throws -> [EffectResult] {
        let service = ScriptedService()
        files.write("upload", "a,b\n")
        let file = try await service.createFile(
            FileUpload(
                path: files.path + "/upload", filename: "it's $(touch x).csv",
                purpose: "assistants"), for: .trusted)
        var options = ConsoleOptions()
        options.opener = opener
        let runner = EffectRunner(service: service, options: options)
        runner.perform(.openFile(file.id))
        runner.finish()
        await runner.run()
        return runner.takeResults()
    }

    @Test(
        "stay open behind the opener and behind us, who do not wait",
        arguments: [("&", "exit 0"), ("", "exit 1")])
    func viewer(background: String, ending: String) async throws {
        let files = try TestFiles()
        files.makePipe("go")
        files.makePipe("seen")
        files.write(
            "viewer",
            """
            #!/bin/sh
            cd "$(dirname "$0")"
            { read line < go; echo "$(basename "$1")$OPENER_KEY" > seen; } \(background)
            \(ending)
            """)
        #expect(chmod(files.path + "/viewer", 0o700) == 0)
        // Held open for both directions, so that neither side waits here.
        let go = Glibc.open(files.path + "/go", O_RDWR)
        let seen = Glibc.open(files.path + "/seen", O_RDWR)
        defer { for descriptor in [go, seen] { close(descriptor) } }
        // No program that we start has business with keys.
        setenv("OPENER_KEY", "secret", 1)
        defer { unsetenv("OPENER_KEY") }
        let results = try await open(with: files.path + "/viewer", in: files)
        guard results.count == 1, case .fileDone(let text) = results[0] else {
            Issue.record("other results: \(results)")
            return
        }
        #expect(text == "Opening it's $(touch x).csv with \(files.path)/viewer")
        // The viewer lives: it answers only now.
        #expect(write(go, "\n", 1) == 1)
        var wanted = pollfd(fd: seen, events: Int16(POLLIN), revents: 0)
        #expect(poll(&wanted, 1, 20_000) == 1)
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(seen, &bytes, bytes.count)
        #expect(
            String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "it's $(touch x).csv\n")
    }

    @Test(
        "hold nothing that a browser would run",
        arguments: [
            ("<!DOCTYPE html>", true), ("\n \t<html>", true), ("<?xml version=\"1.0\"?>", true),
            ("\u{FEFF}<svg/>", true), ("<SCRIPT>", true), ("<!-- a --><p>", true),
            ("a < b", false), ("<3", false), ("< b", false), ("<", false), ("", false),
            ("name,html\n<a>,1", false),
        ])
    func active(text: String, isActive: Bool) {
        #expect(SavedFile.isActive(Array(text.utf8)) == isActive)
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(SavedFile.isActive([0xFF, 0xFE] + wide) == isActive)
    }

    private func content(_ name: String, _ text: String) -> FileContent {
        let file = File(
            id: "file_1", purpose: "assistants_output", filename: name, byteCount: text.utf8.count,
            createdAt: 1)
        let rest = Mutex([Array(text.utf8)])
        return FileContent(of: file) { rest.withLock { $0.popLast() } }
    }

    @Test("that would be run leave nothing behind, and are said to be saved instead")
    func refused() async throws {
        let files = try TestFiles()
        let room = files.path
        let error = await #expect(throws: APIError.self) {
            try await SavedFile.copyToOpen(content("data.csv", " <svg onload=x>"), in: room)
        }
        #expect(
            error?.message == "data.csv is not opened: it holds a web page or XML, which can run "
                + "scripts. Save it instead.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: room).isEmpty)
    }

    @Test("of earlier days are removed; newer ones, changed ones and others' are not")
    func earlier() async throws {
        let files = try TestFiles()
        let room = files.path
        let manager = FileManager.default
        let old = Date(timeIntervalSinceNow: -2 * 86_400)
        func age(_ path: String) throws {
            try manager.setAttributes([.modificationDate: old], ofItemAtPath: path)
        }
        var kept: [String] = []
        for name in [
            "switchboard-open-old", "switchboard-open-changed", "other", "switchboard-open-new",
        ] {
            files.makeFolder(name)
            files.write(name + "/a.csv", "1")
            if name != "switchboard-open-changed" { try age(room + "/\(name)/a.csv") }
            if name != "switchboard-open-new" { try age(room + "/" + name) }
            if name != "switchboard-open-old" { kept.append(name) }
        }
        try manager.createSymbolicLink(
            atPath: room + "/switchboard-open-link", withDestinationPath: room + "/other")
        let path = try await SavedFile.copyToOpen(content("b.csv", "2"), in: room)
        let folder = try #require(path.split(separator: "/").dropLast().last.map(String.init))
        let left = Set(try manager.contentsOfDirectory(atPath: room))
        #expect(left == Set(kept + ["switchboard-open-link", folder]))
        #expect(manager.fileExists(atPath: room + "/other/a.csv"))
    }
}
