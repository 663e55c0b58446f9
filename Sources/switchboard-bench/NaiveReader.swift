import FoundationEssentials
import Glibc

/// A thread shown by reading, decoding and wrapping all of it first.
struct NaiveReader {
    var database: String
    var thread: String

    private struct StoredMessage: Decodable {
        struct Part: Decodable { var text: Text }
        struct Text: Decodable { var value: String }
        var role: String
        var content: [Part]
    }

    /// Reads everything, shows the end, then turns a page back for each byte that is typed.
    func run() throws {
        let decoder = JSONDecoder()
        var rows: [String] = []
        let all = "SELECT json FROM message WHERE thread = '\(thread)' ORDER BY position"
        for json in try Database(database).run(all) {
            let message = try decoder.decode(StoredMessage.self, from: Data(json.utf8))
            rows.append(message.role)
            for part in message.content { rows += wrapped(part.text.value, columns: 120) }
            rows.append("")
        }
        var end = rows.count
        var key: UInt8 = 0
        repeat {
            let page = rows[max(0, end - 39)..<end].joined(separator: "\r\n")
            show("\u{1b}[H\u{1b}[2J" + page + "\u{1b}[?2026l")
            end = max(min(39, rows.count), end - 39)
        } while read(0, &key, 1) == 1
    }
}
