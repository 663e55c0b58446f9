import Assistants

/// What becomes of a saved object.
enum ImportOutcome: Hashable, Sendable {
    case added, kept, replaced
    case refused(String)

    /// Whether it may be there as it was saved.
    var isTaken: Bool { if case .refused = self { false } else { true } }
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
