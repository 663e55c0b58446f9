package import Wire

/// What an import did, or would do.
public struct ImportReport: Hashable, Sendable {
    /// How many objects of a kind there were.
    public struct Count: Hashable, Sendable {
        /// What they are, such as "messages".
        public var kind: String
        public var added = 0
        /// There already, and left as they were.
        public var kept = 0
        /// There already, and overwritten.
        public var replaced = 0

        /// Counts none yet.
        public init(kind: String) { self.kind = kind }
    }

    /// Something that was not carried over as it was, and why; as often as it happened.
    public struct Note: Hashable, Sendable {
        public var reason: String
        public var count: Int
        /// One of them.
        public var example: String

        /// Makes a note.
        public init(reason: String, count: Int, example: String) {
            (self.reason, self.count, self.example) = (reason, count, example)
        }
    }

    /// In the order in which the kinds are taken in; those that did not occur are left out.
    public var counts: [Count] = []
    /// The most frequent first.
    public var notes: [Note] = []

    /// Makes a report.
    public init(counts: [Count] = [], notes: [Note] = []) {
        (self.counts, self.notes) = (counts, notes)
    }

    /// How many objects are new here.
    public var added: Int { counts.reduce(0) { $0 + $1.added } }
}

extension ImportReport {
    /// The report as our own programs tell it to each other.
    package var json: JSONValue {
        [
            "counts": .array(
                counts.map {
                    [
                        "kind": .string($0.kind), "added": .integer($0.added),
                        "kept": .integer($0.kept), "replaced": .integer($0.replaced),
                    ]
                }),
            "notes": .array(
                notes.map {
                    [
                        "reason": .string($0.reason), "count": .integer($0.count),
                        "example": .string($0.example),
                    ]
                }),
        ]
    }

    /// Reads a report as it was told.
    package init(json: JSONValue) {
        for json in json["counts"]?.arrayValue ?? [] {
            var count = Count(kind: json["kind"]?.stringValue ?? "")
            count.added = json["added"]?.integerValue ?? 0
            count.kept = json["kept"]?.integerValue ?? 0
            count.replaced = json["replaced"]?.integerValue ?? 0
            counts.append(count)
        }
        for json in json["notes"]?.arrayValue ?? [] {
            notes.append(
                Note(
                    reason: json["reason"]?.stringValue ?? "",
                    count: json["count"]?.integerValue ?? 0,
                    example: json["example"]?.stringValue ?? ""))
        }
    }
}
