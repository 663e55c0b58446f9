package import Assistants
import GRDB

/// A piece of a file that can be found.
package struct Passage: Hashable, Sendable {
    package var fileID: String
    package var fileName: String
    /// What the piece is about, such as its headings; a word found here counts more.
    package var title: String
    package var text: String

    /// Makes a passage.
    package init(fileID: String, fileName: String, title: String, text: String) {
        self.fileID = fileID
        self.fileName = fileName
        self.title = title
        self.text = text
    }
}

/// Passages that are found by their words, in memory.
///
/// Words are compared by their stems and without accents (FTS5, `porter unicode61`); the more rare
/// words of a query a passage has, the better it matches (BM25).
package final class TextIndex: Sendable {
    private let database: DatabaseQueue

    /// Indexes passages.
    package init(_ passages: [Passage]) throws(APIError) {
        do {
            database = try DatabaseQueue()
            try database.write { db in
                try db.execute(
                    sql: """
                        CREATE VIRTUAL TABLE passage USING fts5(
                            title, text, file_id UNINDEXED, file_name UNINDEXED,
                            tokenize = 'porter unicode61 remove_diacritics 2')
                        """)
                for passage in passages {
                    try db.execute(
                        sql: """
                            INSERT INTO passage (title, text, file_id, file_name)
                            VALUES (?, ?, ?, ?)
                            """,
                        arguments: [
                            passage.title, passage.text, passage.fileID, passage.fileName,
                        ])
                }
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// The passages that match best, best first, over all queries; at most `limit`.
    package func search(
        _ queries: [String], limit: Int
    ) async throws(APIError) -> [FileSearchResult] {
        do {
            return try await database.read { db in
                let lists = try queries.map { try Self.matches(of: $0, in: db) }
                return try Match.fused(lists).prefix(limit).map { try Self.result($0, in: db) }
            }
        } catch {
            throw Self.failed(error)
        }
    }

    /// The most matches of one query, before they are joined with those of the others.
    private static let matchLimit = 50
    /// How much more a word counts in a title than in the text.
    private static let titleWeight = 3.0
    /// The BM25 sum that scores one half.
    private static let halfScore = 4.0

    private static func matches(of query: String, in db: Database) throws -> [Match] {
        guard let pattern = SearchWords(query).any else { return [] }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT rowid, bm25(passage, \(titleWeight), 1.0) AS rank FROM passage
                WHERE passage MATCH ? ORDER BY rank LIMIT ?
                """,
            arguments: [pattern, matchLimit])
        return rows.map { row in
            let sum = -(row["rank"] as Double)
            return Match(row: row["rowid"], score: max(0, sum / (sum + halfScore)))
        }
    }

    private static func result(_ match: Match, in db: Database) throws -> FileSearchResult {
        let row = try Row.fetchOne(
            db, sql: "SELECT text, file_id, file_name FROM passage WHERE rowid = ?",
            arguments: [match.row])
        return FileSearchResult(
            fileID: row?["file_id"] ?? "", fileName: row?["file_name"] ?? "", score: match.score,
            text: row?["text"])
    }

    private static func failed(_ error: any Error) -> APIError {
        APIError(
            status: 500, code: "search_failed", message: "The files could not be searched: \(error)"
        )
    }
}

/// Words that say nothing about what a question is about.
enum CommonWords {
    static let english: Set<String> = [
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
        "can", "could", "did", "do", "does", "each", "for", "from", "get", "had", "has", "have",
        "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "mine", "my", "no", "not",
        "of", "on", "or", "our", "please", "s", "should", "so", "some", "t", "than", "that", "the",
        "their", "them", "then", "there", "they", "this", "to", "us", "want", "was", "we", "were",
        "what", "when", "where", "which", "while", "who", "why", "will", "with", "would", "you",
        "your",
    ]
}
