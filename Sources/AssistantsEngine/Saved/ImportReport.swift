/// What an import did, or would do.
package struct ImportReport: Sendable {
    /// How many objects of a kind there were.
    package struct Count: Hashable, Sendable {
        /// What they are, such as "messages".
        package var kind: String
        package var added = 0
        /// There already, and left as they were.
        package var kept = 0
        /// There already, and overwritten.
        package var replaced = 0
    }

    /// Something that was not carried over as it was, and why; as often as it happened.
    package struct Note: Hashable, Sendable {
        package var reason: String
        package var count: Int
        /// One of them.
        package var example: String
    }

    /// In the order in which the kinds are taken in; those that did not occur are left out.
    package var counts: [Count] = []
    /// The most frequent first.
    package var notes: [Note] = []

    /// How many objects are new here.
    package var added: Int { counts.reduce(0) { $0 + $1.added } }
}

/// What becomes of a saved object.
enum ImportOutcome: Hashable, Sendable {
    case added, kept, replaced
    case refused(String)
}

/// Adds up what becomes of the objects of an import.
struct ImportTally {
    private var counts: [SavedObject.Kind: ImportReport.Count] = [:]
    private var notes: [String: ImportReport.Note] = [:]

    mutating func count(_ outcome: ImportOutcome, _ kind: SavedObject.Kind, _ id: String) {
        if case .refused(let reason) = outcome { return note(reason, example: id) }
        var count = counts[kind] ?? ImportReport.Count(kind: kind.name)
        switch outcome {
        case .added: count.added += 1
        case .kept: count.kept += 1
        case .replaced: count.replaced += 1
        case .refused: break
        }
        counts[kind] = count
    }

    mutating func note(_ reason: String, example: String) {
        notes[reason, default: .init(reason: reason, count: 0, example: example)].count += 1
    }

    var report: ImportReport {
        ImportReport(
            counts: counts.sorted { $0.key < $1.key }.map(\.value),
            notes: notes.values.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) })
    }
}
