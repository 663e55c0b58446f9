/// Heights in rows of a list of things, with sums in logarithmic time (a Fenwick tree).
struct HeightIndex: Hashable, Sendable {
    private var tree: [Int] = [0]
    private var heights: [Int] = []

    /// How many things there are.
    var count: Int { heights.count }
    /// Rows of all together.
    var total: Int { rows(before: count) }

    /// The height of one thing.
    subscript(index: Int) -> Int { heights[index] }

    /// Adds a thing at the end.
    mutating func append(_ height: Int) {
        heights.append(height)
        let place = heights.count
        var sum = height
        var step = 1
        while step < place & -place {
            sum += tree[place - step]
            step <<= 1
        }
        tree.append(sum)
    }

    /// Gives a thing another height.
    mutating func set(_ height: Int, at index: Int) {
        let difference = height - heights[index]
        if difference == 0 { return }
        heights[index] = height
        var place = index + 1
        while place <= heights.count {
            tree[place] += difference
            place += place & -place
        }
    }

    /// Rows of the first `index` things together.
    func rows(before index: Int) -> Int {
        var place = min(index, heights.count)
        var sum = 0
        while place > 0 {
            sum += tree[place]
            place &= place - 1
        }
        return sum
    }

    /// The thing at a row, and the row within it.
    func find(row: Int) -> (index: Int, row: Int) {
        guard count > 0 else { return (0, 0) }
        var place = 0
        var rest = max(0, row)
        var step = 1
        while step << 1 <= count { step <<= 1 }
        while step > 0 {
            if place + step <= count, tree[place + step] <= rest {
                place += step
                rest -= tree[place]
            }
            step >>= 1
        }
        return place < count ? (place, rest) : (count - 1, max(0, heights[count - 1] - 1))
    }

    /// Replaces all heights; linear in their number.
    mutating func rebuild(_ heights: [Int]) {
        self = HeightIndex()
        for height in heights { append(height) }
    }

    /// Puts things in front; linear in the number of all.
    mutating func prepend(_ new: [Int]) { rebuild(new + heights) }

    /// Removes a thing; linear in the number of all.
    mutating func remove(at index: Int) {
        var heights = heights
        heights.remove(at: index)
        rebuild(heights)
    }
}
