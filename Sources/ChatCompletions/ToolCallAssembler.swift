/// Decides which call each piece belongs to, and names calls that have no id.
///
/// Servers number calls from 0, from 1, by content block, or not at all; they repeat the id, leave
/// it empty, or send two whole calls under one number.
struct ToolCallAssembler: Sendable {
    /// So many calls may one answer have.
    static let callLimit = 256
    /// So many bytes of arguments may come before their function's name.
    static let namelessLimit = 1 << 20

    private struct Call: Sendable {
        var index: Int?
        var id: String?
        var name: String?
        /// What came before the name.
        var held = ""
    }

    private var calls: [Call] = []
    private let makeID: @Sendable () -> String
    /// Whether a limit was passed; nothing is taken any more.
    private(set) var isOverflown = false

    init(makeID: @escaping @Sendable () -> String) {
        self.makeID = makeID
    }

    /// Whether any call has begun.
    var isEmpty: Bool { calls.isEmpty }

    /// Takes the pieces of one chunk.
    mutating func add(_ pieces: [ToolCallPiece]) -> [ChatToolCallDelta] {
        var deltas: [ChatToolCallDelta] = []
        for piece in pieces {
            guard let position = position(of: piece) else { break }
            if let delta = add(piece, at: position) { deltas.append(delta) }
        }
        return deltas
    }

    /// The calls whose name never came, at the end of the stream.
    mutating func finish() -> [ChatToolCallDelta] {
        calls.indices.compactMap { position in
            guard calls[position].name == nil else { return nil }
            return begin(position, name: "")
        }
    }

    private mutating func add(_ piece: ToolCallPiece, at position: Int) -> ChatToolCallDelta? {
        if calls[position].name != nil {
            if piece.arguments.isEmpty { return nil }
            return ChatToolCallDelta(index: position, arguments: piece.arguments)
        }
        if calls[position].id == nil { calls[position].id = piece.id }
        calls[position].held += piece.arguments
        if calls[position].held.utf8.count > Self.namelessLimit { isOverflown = true }
        return piece.name.map { begin(position, name: $0) }
    }

    private mutating func begin(_ position: Int, name: String) -> ChatToolCallDelta {
        let id = calls[position].id ?? makeID()
        defer { calls[position].held = "" }
        calls[position].id = id
        calls[position].name = name
        return ChatToolCallDelta(
            index: position, id: id, name: name, arguments: calls[position].held)
    }

    /// The call that a piece continues or begins; nil when there are too many.
    private mutating func position(of piece: ToolCallPiece) -> Int? {
        if let known = known(piece) { return known }
        guard calls.count < Self.callLimit, !isOverflown else {
            isOverflown = true
            return nil
        }
        calls.append(Call(index: piece.index, id: piece.id))
        return calls.count - 1
    }

    private func known(_ piece: ToolCallPiece) -> Int? {
        // The latest call under a number is the one that goes on.
        if let index = piece.index {
            guard let position = calls.lastIndex(where: { $0.index == index }) else { return nil }
            return isAnother(piece, than: calls[position]) ? nil : position
        }
        if let id = piece.id { return calls.firstIndex { $0.id == id } }
        // Without number and id, a name begins a call and anything else goes on with the last.
        if piece.name != nil, calls.last?.name != nil { return nil }
        return calls.indices.last
    }

    /// Two whole calls under one number: a new id together with a name. An id alone may change from
    /// chunk to chunk, and a name may come again with the same id.
    private func isAnother(_ piece: ToolCallPiece, than call: Call) -> Bool {
        guard let id = piece.id, piece.name != nil, call.name != nil else { return false }
        return id != call.id
    }
}
