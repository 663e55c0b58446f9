import TestSupport
import Testing

@testable import Wire

@Suite("A line splitter")
struct LineSplitterTests {
    private func lines(of chunks: [[UInt8]], flush: Bool) -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        var line: [UInt8] = []
        for chunk in chunks {
            chunk.withUnsafeBytes { bytes in
                var index = 0
                while index < bytes.count {
                    let piece = splitter.next(in: bytes, from: index)
                    line.append(contentsOf: bytes[piece.range])
                    index = piece.next
                    if piece.endsLine {
                        lines.append(String(decoding: line, as: UTF8.self))
                        line = []
                    }
                }
            }
        }
        if flush, !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    @Test("finds the suite's lines, however they are cut", .enabled(if: Fixture.isPresent))
    func suite() throws {
        let suite = try JSONValue(parsing: Fixture.shared("suites/sse/line-decoder.json"))
        let cases = try required(suite["cases"]?.arrayValue)
        #expect(cases.count == suite["count"]?.integerValue)
        for one in cases {
            let chunks = try required(one["chunks"]?.arrayValue).compactMap(\.stringValue)
            let flush = try required(one["flush"]?.boolValue)
            let expected = try required(one["lines"]?.arrayValue).compactMap(\.stringValue)
            #expect(lines(of: chunks.map { Array($0.utf8) }, flush: flush) == expected)
            let whole = Chunks(chunks.joined().utf8)
            for pieces in [whole.whole, whole.bytewise] + Array(whole.everySplit) {
                #expect(lines(of: pieces, flush: flush) == expected)
            }
        }
    }
}
