import Assistants
import GRDB

/// A passage that was found.
struct FoundPassage: Sendable {
    var fileID: File.ID
    /// 0…1
    var score: Double
    var text: String
}

// Each store has a table of words of its own: what is common in one is not in another, and a
// search costs only what its store holds. A passage's row is told by its file: the position of the
// file in the store, times 2^20, plus the place of the passage in the file.

extension Database {
    private static let placeBits = 20
    /// How much more a word counts in a file's name than in its text.
    private static let titleWeight = 2.0
    /// The BM25 sum that scores one half of its part.
    private static let halfScore = 4.0
    /// The most matches of one query, before they are joined with those of the others.
    private static let matchLimit = 50

    /// The table of a store's words; nil where it has none yet.
    private func passageTable(of store: VectorStore.ID) throws -> String? {
        try Int64.fetchOne(
            self, sql: "SELECT position FROM vector_store WHERE id = ? AND is_indexed = 1",
            arguments: [store]
        ).map { "passages_\($0)" }
    }

    private func makePassageTable(of store: VectorStore.ID) throws -> String {
        if let table = try passageTable(of: store) { return table }
        try execute(
            sql: "UPDATE vector_store SET is_indexed = 1 WHERE id = ?", arguments: [store])
        guard let table = try passageTable(of: store) else {
            throw APIError.notFound("vector store", store)
        }
        try execute(
            sql: """
                CREATE VIRTUAL TABLE \(table) USING fts5(
                    title, text, pairs, overlap UNINDEXED,
                    tokenize = 'porter unicode61 remove_diacritics 2')
                """)
        return table
    }

    /// Adds passages of a file, from a place on.
    func insert(
        _ pieces: some Collection<PassageCutter.Piece>, of member: Int64, named filename: String,
        from first: Int, in store: VectorStore.ID
    ) throws {
        let table = try makePassageTable(of: store)
        for (place, piece) in pieces.enumerated() {
            try execute(
                sql: """
                    INSERT INTO \(table) (rowid, title, text, pairs, overlap)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    member << Self.placeBits + Int64(first + place), filename, piece.text,
                    HanText.isIn(piece.text)
                        ? HanText.pairs(of: piece.text).joined(separator: " ") : "",
                    piece.overlap,
                ])
        }
    }

    func deletePassages(of member: Int64, in store: VectorStore.ID) throws {
        guard let table = try passageTable(of: store) else { return }
        try execute(
            sql: "DELETE FROM \(table) WHERE rowid BETWEEN ? AND ?",
            arguments: [member << Self.placeBits, (member + 1) << Self.placeBits - 1])
    }

    /// Drops all words of a store.
    func deletePassages(in store: VectorStore.ID) throws {
        guard let table = try passageTable(of: store) else { return }
        try execute(sql: "DROP TABLE IF EXISTS \(table)")
        try execute(
            sql: "UPDATE vector_store SET is_indexed = 0 WHERE id = ?", arguments: [store])
    }

    /// The text of a file as it was read, piece by piece, without what pieces share.
    func passageTexts(of member: Int64, in store: VectorStore.ID) throws -> [String] {
        guard let table = try passageTable(of: store) else { return [] }
        return try Row.fetchAll(
            self,
            sql: "SELECT text, overlap FROM \(table) WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            arguments: [member << Self.placeBits, (member + 1) << Self.placeBits - 1]
        ).map { row in
            let text: String = row["text"]
            return String(decoding: text.utf8.dropFirst(row["overlap"]), as: UTF8.self)
        }
    }

    /// The passages of some files of a store that match best, best first, over all queries.
    func searchPassages(
        of store: VectorStore.ID, _ queries: [String], among members: Set<Int64>?, limit: Int
    ) throws -> [FoundPassage] {
        guard let table = try passageTable(of: store) else { return [] }
        let lists = try queries.map { query in
            try matches(of: SearchWords(query), in: table, among: members)
        }
        return try Match.fused(lists).prefix(limit).compactMap { match in
            let row = try Row.fetchOne(
                self,
                sql: """
                    SELECT p.text, m.id FROM \(table) p
                    JOIN vector_store_file m ON m.position = p.rowid >> \(Self.placeBits)
                    WHERE p.rowid = ?
                    """,
                arguments: [match.row])
            return row.map {
                FoundPassage(fileID: $0["id"], score: match.score, text: $0["text"])
            }
        }
    }

    private func matches(
        of words: SearchWords, in table: String, among members: Set<Int64>?
    ) throws -> [Match] {
        guard let pattern = words.any else { return [] }
        var condition = Condition("\(table) MATCH ?", [pattern])
        if let members {
            let list = members.sorted().map(String.init).joined(separator: ",")
            condition = condition.and(
                "rowid >> \(Self.placeBits) IN (SELECT value FROM json_each(?))", ["[\(list)]"])
        }
        var matches = try Row.fetchAll(
            self,
            sql: """
                SELECT rowid, bm25(\(table), \(Self.titleWeight), 1.0, 1.0) AS rank
                FROM \(table)\(condition.clause) ORDER BY rank LIMIT \(Self.matchLimit)
                """,
            arguments: condition.arguments
        ).map { row in
            let sum = max(0, -(row["rank"] as Double))
            return Match(row: row["rowid"], score: sum / (sum + Self.halfScore))
        }
        try weigh(&matches, words, in: table)
        return matches
    }

    /// Half of a score is how rare the words are that a passage has, half is how many of them it
    /// has: in a small store no word is rare.
    private func weigh(_ matches: inout [Match], _ words: SearchWords, in table: String) throws {
        let rows = "[" + matches.map { "\($0.row)" }.joined(separator: ",") + "]"
        var counts: [Int64: Int] = [:]
        for pattern in words.patterns {
            let having = try Int64.fetchAll(
                self,
                sql: """
                    SELECT rowid FROM \(table) WHERE \(table) MATCH ?
                    AND rowid IN (SELECT value FROM json_each(?))
                    """,
                arguments: [pattern, rows])
            for row in having { counts[row, default: 0] += 1 }
        }
        for place in matches.indices {
            let share =
                Double(counts[matches[place].row] ?? 0) / Double(max(1, words.patterns.count))
            matches[place].score = (matches[place].score + share) / 2
        }
        matches.sort { ($0.score, -$0.row) > ($1.score, -$1.row) }
    }
}
