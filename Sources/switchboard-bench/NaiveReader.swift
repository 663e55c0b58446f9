import FoundationEssentials
import Glibc

/// A thread, or the list of all threads, shown by reading, decoding and wrapping all of it first.
struct NaiveReader {
    var database: String
    /// The thread; empty for the list.
    var thread: String

    private struct StoredMessage: Decodable {
        struct Part: Decodable { var text: Text }
        struct Text: Decodable { var value: String }
        var role: String
        var content: [Part]
    }

    private struct StoredThread: Decodable {
        var id: String
    }

    /// Reads everything, shows the end, then turns a page back for each byte that is typed.
    func run() throws {
        let rows = thread.isEmpty ? try threads() : try messages()
        var end = rows.count
        var key: UInt8 = 0
        repeat {
            let page = rows[max(0, end - 39)..<end].joined(separator: "\r\n")
            show("\u{1b}[H\u{1b}[2J" + page + "\u{1b}[?2026l")
            end = max(min(39, rows.count), end - 39)
        } while read(0, &key, 1) == 1
    }

    private func messages() throws -> [String] {
        let decoder = JSONDecoder()
        let all = "SELECT json FROM message WHERE thread = '\(thread)' ORDER BY position"
        return try Database(database).run(all).flatMap { json in
            let message = try decoder.decode(StoredMessage.self, from: Data(json.utf8))
            let texts = message.content.flatMap { wrapped($0.text.value, columns: 120) }
            return [message.role] + texts + [""]
        }
    }

    private func threads() throws -> [String] {
        let decoder = JSONDecoder()
        return try Database(database).run("SELECT json FROM thread ORDER BY last_activity").map {
            try decoder.decode(StoredThread.self, from: Data($0.utf8)).id
        }
    }
}
