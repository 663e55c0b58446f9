/// Where the parts of growing lists stand, for the rare list whose wire indexes leave gaps.
///
/// A list whose indexes run 0, 1, 2, … needs nothing here.
struct SparseIndexes: Hashable, Sendable {
    /// Names a list that grows by indexed deltas.
    enum Path: Hashable, Sendable {
        case part(String)
        case annotation(String, part: Int)
        case call(String)
        case output(String, call: Int)

        var owner: String {
            switch self {
            case .part(let id), .annotation(let id, _), .call(let id), .output(let id, _): id
            }
        }
    }

    /// How far beyond the end of a list an index may be, as in the Node SDK (`CONTRACT.md` 9.2).
    static let growthLimit = 1024
    /// The largest index, as in the Node SDK.
    static let indexLimit = 65_536

    private var lists: [Path: [Int]] = [:]

    /// Whether an index may be used in a list that has `count` elements now.
    func allow(_ index: Int, at path: Path, count: Int) -> Bool {
        let end = (lists.isEmpty ? nil : lists[path]?.last).map { $0 + 1 } ?? count
        return index >= 0 && index < Self.indexLimit && index < end + Self.growthLimit
    }

    /// Where the element of an index stands; nil where there is none.
    func find(_ index: Int, at path: @autoclosure () -> Path, count: Int) -> Int? {
        if lists.isEmpty { return index >= 0 && index < count ? index : nil }
        guard let known = lists[path()] else { return index >= 0 && index < count ? index : nil }
        return known.firstIndex(of: index)
    }

    /// Where the element of an index stands, or where it is to be inserted.
    mutating func position(
        of index: Int, at path: Path, count: Int
    ) -> (position: Int, isNew: Bool) {
        if lists.isEmpty || lists[path] == nil {
            if index <= count { return (index, index == count) }
            lists[path] = Array(0..<count)
        }
        let known = lists[path] ?? []
        let position = known.firstIndex { $0 >= index } ?? known.count
        if position < known.count, known[position] == index { return (position, false) }
        lists[path]?.insert(index, at: position)
        return (position, true)
    }

    /// Forgets the lists of an object that was replaced by a whole one.
    mutating func forget(_ owner: String) {
        if lists.isEmpty { return }
        lists = lists.filter { $0.key.owner != owner }
    }
}
