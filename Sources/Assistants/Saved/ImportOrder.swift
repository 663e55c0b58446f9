package import Wire

/// What is taken in of what people saved, and how.
public struct ImportOrder: Hashable, Sendable {
    /// A file or a folder. Absolute where another process is asked.
    public var path: String
    /// Where it goes, unless the folder says otherwise.
    public var project = Caller.localProject
    /// Whether objects that are there already are overwritten; else they stay as they are.
    public var overwrites = false
    /// Whether it is only said what would be done.
    public var isDryRun = false

    /// Makes an order.
    public init(path: String) { self.path = path }
}

/// A process that takes in what people saved, for others of the same person.
public protocol SavedImporting: Sendable {
    /// Takes it in, and waits until its files can be searched. Doing it twice changes nothing more.
    ///
    /// - Throws: `APIError` when the path cannot be read, or the store cannot be written; what was
    ///   taken in before stays, and the import can be done again.
    func takeSaved(_ order: ImportOrder) async throws(APIError) -> ImportReport
}

extension ImportOrder {
    /// The order as our own programs tell it to each other.
    package var json: JSONValue {
        [
            "path": .string(path), "project": .string(project), "overwrite": .bool(overwrites),
            "dry_run": .bool(isDryRun),
        ]
    }
}
