import Assistants
import TestSupport
import Testing
import Wire

@testable import AssistantsEngine

@Suite("Citations") struct CitationScannerTests {
    /// Scans a text in pieces and gives what came, texts joined.
    private func scan(_ pieces: [String]) -> [CitationScanner.Piece] {
        var scanner = CitationScanner()
        var found = pieces.flatMap { scanner.feed($0) }
        found.append(.text(scanner.finish()))
        return found.reduce(into: []) { joined, piece in
            if case .text("") = piece { return }
            if case .text(let more) = piece, case .text(let text) = joined.last {
                joined[joined.count - 1] = .text(text + more)
            } else {
                joined.append(piece)
            }
        }
    }

    @Test("are found however the text is cut")
    func everyCut() {
        let text = "So【0:1†a.md】and [2:3†b c.md] 【x】 [link](y) 【0:1† 【1:0†c】."
        let whole: [CitationScanner.Piece] = [
            .text("So"), .marker("【0:1†a.md】", search: 0, passage: 1), .text("and "),
            .marker("[2:3†b c.md]", search: 2, passage: 3),
            .text(" 【x】 [link](y) 【0:1† "), .marker("【1:0†c】", search: 1, passage: 0),
            .text("."),
        ]
        #expect(scan([text]) == whole)
        let scalars = Array(text.unicodeScalars)
        for cut in 0...scalars.count {
            var (left, right) = (String.UnicodeScalarView(), String.UnicodeScalarView())
            left.append(contentsOf: scalars[..<cut])
            right.append(contentsOf: scalars[cut...])
            #expect(scan([String(left), String(right)]) == whole, "cut at \(cut)")
        }
        #expect(scan(scalars.map { String($0) }) == whole)
    }

    @Test("that never close are text, and are held no longer than the limit")
    func unclosed() {
        var scanner = CitationScanner()
        #expect(scanner.feed("【0:1†") == [])
        let long = String(repeating: "a", count: CitationScanner.markerLimit)
        #expect(scanner.feed(long) == [.text("【0:1†" + long)])
        #expect(scan(["a 【1"]) == [.text("a 【1")])
        #expect(scan(["【0:1†a\nb】"]) == [.text("【0:1†a\nb】")])
    }

    @Test("come as one delta each, with offsets in Unicode scalars")
    func annotations() throws {
        var trace = MachineTrace(tools: [.fileSearch(options: [:])])
        trace.answer([
            .toolCall(
                index: 0, id: "call_s", name: "file_search", arguments: "{\"queries\":[\"q\"]}"),
            .finished(.toolCalls),
        ])
        #expect(
            trace.names == RunMachineTests.beginning + RunMachineTests.stepOpens)
        #expect(trace.searches.map(\.queries) == [["q"]])
        trace.take(
            .searchFinished(
                callID: "call_s",
                [FileSearchResult(fileID: "file-1", fileName: "a.md", score: 1, text: "Passage")]))
        #expect(trace.names == ["thread.run.step.completed"])
        #expect(
            trace.calls.last?.conversation.last
                == .tool(callID: "call_s", output: "【0:0†a.md】\nPassage"))
        trace.answer([
            .text("Grüße 👩‍👩‍👧"), .text(" here【0:"), .text("0†a.md】"), .text(" and 【0:9†b】."),
            .finished(.stop),
        ])
        let parts = trace.events.flatMap { event -> [MessageDelta.Content] in
            guard case .messageDelta(let delta) = event else { return [] }
            return delta.parts.map(\.content)
        }
        let start = "Grüße 👩‍👩‍👧 here".unicodeScalars.count
        let citation = Annotation(
            target: .fileCitation(fileID: "file-1", quote: nil), text: "【0:0†a.md】",
            startIndex: start, endIndex: start + 10)
        #expect(
            parts.contains(
                .text("【0:0†a.md】", annotations: [.init(index: 0, annotation: citation)])))
        let content = trace.machine.transcript.messages.last?.content
        #expect(
            content == [
                .text(
                    MessageText(
                        "Grüße 👩‍👩‍👧 here【0:0†a.md】 and 【0:9†b】.", annotations: [citation]))
            ])
    }

    @Test("a search that fails ends the run with a sentence")
    func failedSearch() {
        var trace = MachineTrace(tools: [.fileSearch(options: [:])])
        trace.answer([
            .toolCall(index: 0, id: "call_s", name: "file_search", arguments: "{}"),
            .finished(.toolCalls),
        ])
        trace.take(.searchFailed(callID: "call_s", message: "The index is gone."))
        #expect(trace.names == ["thread.run.step.failed", "thread.run.failed", "done"])
    }
}
