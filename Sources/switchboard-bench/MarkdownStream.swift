import FoundationEssentials

/// An answer in pieces of Markdown, each with a letter that stands nowhere else.
///
/// The letter is one column wide and no neighbour of ASCII, so that it is sent whole whenever it
/// comes to a cell: its first bytes in the output are the moment its piece was shown.
struct MarkdownStream {
    /// The pieces.
    private(set) var pieces: [String] = []
    /// The letter of each piece.
    private(set) var letters: [Unicode.Scalar] = []
    /// Bytes of what is seen of them, a letter counting as one.
    private(set) var visible = 0

    /// An answer in so many pieces.
    init(count: Int) {
        let markers = Self.markers
        let words = ["ld", "ast", "un", "iver", "o", "hen", "ind", "tone", "f", "aves"]
        for number in 0..<min(count, markers.count) {
            let word = String(markers[number]) + words[number * 7 % 10]
            let (before, after, seen) = Self.frame(number % 400)
            pieces.append(before + word + after)
            letters.append(markers[number])
            visible += 1 + word.unicodeScalars.count - 1 + seen
        }
    }

    /// The answer as `switchboard replay` reads it: a run with one message.
    var recording: Data {
        let ids = #""id":"run_1","object":"thread.run","thread_id":"thread_1""#
        let message =
            #""id":"msg_1","object":"thread.message","thread_id":"thread_1","run_id":"run_1""#
        var text = Self.event("run.created", ids + #","status":"queued""#)
        text += Self.event("run.in_progress", ids + #","status":"in_progress""#)
        text += Self.event(
            "message.created",
            message + #","role":"assistant","status":"in_progress","content":[]"#)
        for piece in pieces {
            let value = piece.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: #"\n"#)
            text += Self.event(
                "message.delta",
                #""id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"#
                    + #""type":"text","text":{"value":"\#(value)"}}]}"#)
        }
        return Data(text.utf8)
    }

    private static func event(_ name: String, _ members: String) -> String {
        "event: thread.\(name)\ndata: {\(members)}\n\n"
    }

    /// What stands around the word at a place of the text, and how much of it is seen: headings,
    /// paragraphs, a list, code.
    private static func frame(_ place: Int) -> (before: String, after: String, seen: Int) {
        switch place {
        case 0: ("## ", " ", 1)
        case 4, 119, 399: ("", "\n\n", 1)
        case 120..<200: place % 10 == 0 ? ("- ", " ", 3) : ("", place % 10 == 9 ? "\n" : " ", 1)
        case 200: ("\n", " ", 1)
        case 299: ("", "\n\n", 1)
        case 300: ("```swift\n", " ", 1)
        case 379: ("", "\n```\n\n", 1)
        case 301..<379: ("", place % 8 == 7 ? "\n" : " ", 1)
        default:
            place % 25 == 3 ? ("**", "** ", 1) : place % 25 == 9 ? ("`", "` ", 1) : ("", " ", 1)
        }
    }

    /// Letters of one column outside ASCII, none of them made of parts.
    static let markers: [Unicode.Scalar] = {
        let ranges: [ClosedRange<UInt32>] = [
            0x1401...0x166C, 0xA500...0xA60B, 0x2801...0x28FF, 0x1200...0x1357, 0x13A0...0x13F5,
            0x10D0...0x10FA, 0x0430...0x0438, 0x043A...0x044F, 0x048A...0x04C0, 0x04FA...0x052F,
            0x0531...0x0556, 0x0561...0x0586, 0x2D30...0x2D67, 0x2D80...0x2DDE, 0xA4D0...0xA4F7,
            0x16A0...0x16EA, 0x1C50...0x1C77, 0x2C00...0x2C5E, 0x2C80...0x2CE3, 0xA6A0...0xA6E5,
            0x1C00...0x1C23, 0x1950...0x196D, 0x1980...0x19AB, 0xA840...0xA873, 0xA882...0xA8B3,
        ]
        let kinds: Set<Unicode.GeneralCategory> = [
            .otherLetter, .lowercaseLetter, .uppercaseLetter, .otherSymbol,
        ]
        return ranges.joined().compactMap(Unicode.Scalar.init).filter {
            kinds.contains($0.properties.generalCategory)
        }
    }()
}

/// Finds the letters of a stream in what a program sends, and when each came first.
struct MarkerWatch {
    /// When each piece was first seen; 0 where it was not.
    private(set) var seen: [Double]
    /// How many pieces were seen.
    private(set) var count = 0
    /// Bytes that letters took beyond one, however often they were sent.
    private(set) var surplus = 0
    private let places: [Unicode.Scalar: Int]
    private var position: Int

    /// Watches from a place of the output on.
    init(_ stream: MarkdownStream, from position: Int) {
        places = Dictionary(uniqueKeysWithValues: zip(stream.letters, 0...))
        seen = Array(repeating: 0, count: stream.letters.count)
        self.position = position
    }

    /// Takes what came; all of it came at that time.
    mutating func take(_ output: [UInt8], at time: Double) {
        while position < output.count {
            let byte = output[position]
            let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if position + length > output.count { return }
            if length > 1 {
                let bytes = output[position..<position + length]
                let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first
                if let place = scalar.flatMap({ places[$0] }) {
                    surplus += length - 1
                    if seen[place] == 0 {
                        seen[place] = time
                        count += 1
                    }
                }
            }
            position += length
        }
    }
}
