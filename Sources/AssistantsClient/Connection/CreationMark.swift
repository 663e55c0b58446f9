import Assistants

/// A name that goes with what is created, in its metadata, so that it can be found where the
/// answer got lost. Left out where our server is asked, which knows a request that is repeated.
struct CreationMark {
    /// The key in the metadata.
    static let key = "client_id"

    let metadata: [String: String]
    /// Nil where nothing was marked.
    let name: String?
    private let isNeeded: Bool

    init(_ metadata: [String: String], isNeeded: Bool, isAllowed: Bool) {
        self.isNeeded = isNeeded
        guard isNeeded, isAllowed, metadata.count < 16, metadata[Self.key] == nil else {
            (self.metadata, name) = (metadata, nil)
            return
        }
        let name = String.randomName
        self.name = name
        self.metadata = metadata.merging([Self.key: name]) { $1 }
    }

    /// What to do where it is not known whether the thing was created.
    func doubt<Value>(
        _ find: @escaping (String) async throws(APIError) -> Value?
    ) -> Doubt<Value> {
        if !isNeeded { return .sendAgain }
        guard let name else { return .giveUp }
        return .look { () throws(APIError) in try await find(name) }
    }
}

extension RemoteConnection {
    /// Metadata with a mark, where the server needs one to find what it created.
    func mark(_ metadata: [String: String]) -> CreationMark {
        CreationMark(metadata, isNeeded: !knowsKeys, isAllowed: marksCreations)
    }
}
