/// The rows of all tool calls, and which of them are shown where there is no room for all.
///
/// While the end is followed a call's name wins over details: what waits for the person first, then
/// the newest. Once somebody scrolls, every row is there in order.
struct ToolCallRows {
    /// The rows of one call; the first holds its name.
    fileprivate struct Call {
        var rows: [StyledRow]
        /// How much it matters that it is seen.
        var weight: Int
        /// Whether its first details say more than its last ones.
        var showsStart: Bool
    }

    private var calls: [Call] = []

    /// How many rows there are.
    private(set) var count = 0

    /// Adds a call below the others.
    mutating func add(
        _ rows: [StyledRow], isWaiting: Bool = false, isSelected: Bool = false,
        showsStart: Bool = false
    ) {
        let weight = (isWaiting ? 2 : 0) + (isSelected ? 1 : 0)
        calls.append(Call(rows: rows, weight: weight, showsStart: showsStart))
        count += rows.count
    }

    /// The rows to show, each with the place of its call.
    ///
    /// - Parameter top: The first row to show; nil follows the end.
    func shown(in space: Int, top: Int?) -> [(row: StyledRow, call: Int)] {
        if count <= space || top != nil {
            let all = calls.enumerated().flatMap { place, call in
                call.rows.map { (row: $0, call: place) }
            }
            return Array(all.dropFirst(min(top ?? 0, max(0, count - space))).prefix(space))
        }
        let heights = heights(in: space)
        return calls.enumerated().flatMap { place, call in
            call.kept(heights[place]).map { (row: $0, call: place) }
        }
    }

    /// Rows that each call gets: its name, then details, by weight and then the newest first.
    private func heights(in space: Int) -> [Int] {
        var heights = calls.map { _ in 0 }
        var rest = space
        let order = calls.indices.sorted { (calls[$0].weight, $0) > (calls[$1].weight, $1) }
        for place in order where rest > 0 && !calls[place].rows.isEmpty {
            heights[place] = 1
            rest -= 1
        }
        for place in order where rest > 0 && heights[place] > 0 {
            let more = min(rest, calls[place].rows.count - 1)
            heights[place] += more
            rest -= more
        }
        return heights
    }
}

extension ToolCallRows.Call {
    /// The name and as many details as fit.
    fileprivate func kept(_ height: Int) -> [StyledRow] {
        guard height > 0 else { return [] }
        if showsStart { return Array(rows.prefix(height)) }
        return rows.prefix(1) + rows.dropFirst().suffix(height - 1)
    }
}
