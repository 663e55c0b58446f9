/// What the palette indexes that ncurses works with mean on the terminal.
///
/// ncurses knows 256 colours and no links. The first sixteen are the terminal's; each of the others
/// is lent to a colour (any red, green and blue) together with the link that its cells carry.
/// ncurses compares and scrolls them as colours, and `FrameEncoder` writes what they stand for. So
/// links cost no drawing of our own.
struct PaletteSlots {
    /// What an index stands for.
    struct Meaning: Hashable {
        var color: Color
        var link: UInt32
    }

    /// Indexes used by the rows on the screen, one bit each.
    typealias Usage = SIMD4<UInt64>

    private static let lent = 16...255
    private var slots: [Meaning: UInt8] = [:]
    private var meanings: [Meaning?] = Array(repeating: nil, count: 256)
    private var addresses: [UInt32: String] = [:]
    private var free: [UInt8] = lent.reversed().map { UInt8($0) }
    private var usage: [Usage] = []

    /// The index for a colour and a link, or nil when all are in use on the screen.
    mutating func index(of color: Color, link: UInt32, address: String?) -> UInt8? {
        let meaning = Meaning(color: color, link: address == nil ? 0 : link)
        if let index = slots[meaning] { return index }
        guard let index = free.popLast() else { return nil }
        slots[meaning] = index
        meanings[Int(index)] = meaning
        if let address { addresses[meaning.link] = address }
        return index
    }

    /// What an index stands for; nil for those that are not lent.
    func meaning(of index: Int) -> Meaning? {
        meanings.indices.contains(index) ? meanings[index] : nil
    }

    /// The address of a link.
    func address(of link: UInt32) -> String? { addresses[link] }

    /// Notes which indexes a row's cells use now.
    mutating func note(_ used: Usage, row: Int) {
        if row >= usage.count {
            usage.append(contentsOf: repeatElement(.zero, count: row + 1 - usage.count))
        }
        usage[row] = used
    }

    /// Takes back, between frames, what no row uses: within one, ncurses would mistake old cells
    /// for new.
    mutating func reclaim(rows: Int) {
        guard free.count < Self.lowWater else { return }
        if usage.count > rows { usage.removeLast(usage.count - rows) }
        let used = usage.reduce(Usage.zero) { $0 | $1 }
        for index in Self.lent where used[index >> 6] >> UInt64(index & 63) & 1 == 0 {
            guard let meaning = meanings[index] else { continue }
            meanings[index] = nil
            slots[meaning] = nil
            free.append(UInt8(index))
        }
        let living = Set(slots.keys.map(\.link))
        addresses = addresses.filter { living.contains($0.key) }
    }

    /// Below so many free indexes the unused are taken back.
    private static let lowWater = 64
}

extension PaletteSlots.Usage {
    /// Marks an index as used.
    mutating func insert(_ index: UInt8) {
        self[Int(index) >> 6] |= 1 << UInt64(index & 63)
    }
}
