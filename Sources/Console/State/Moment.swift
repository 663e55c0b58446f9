/// When something happened: by a clock that never jumps, and by the one on the wall.
package struct Moment: Hashable, Sendable {
    /// Since some fixed point; only differences mean something.
    package var monotonic: Duration
    /// Seconds since 1970, UTC.
    package var wall: Int

    /// A moment by both clocks.
    package init(monotonic: Duration, wall: Int) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// A time on the wall as people say it.
struct WallTime: Hashable, Sendable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    private var dayNumber: Int

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The local time of seconds since 1970; `offset` is local time minus UTC in seconds.
    init(_ seconds: Int, offset: Int) {
        // Years beyond four digits come from damaged data.
        let local = min(max(seconds, 0), 253_402_300_799) + min(max(offset, -86_400), 86_400)
        dayNumber = (local - (local % 86_400 + 86_400) % 86_400) / 86_400
        let second = local - dayNumber * 86_400
        (hour, minute) = (second / 3_600, second % 3_600 / 60)
        // Days to a civil date, in years that begin in March (Howard Hinnant's algorithm).
        let shifted = dayNumber + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `14:02` today, `3 Mar 14:02` this year, `3 Mar 2025` before.
    func text(now: WallTime) -> String {
        let time = "\(hour.twoDigits):\(minute.twoDigits)"
        if dayNumber == now.dayNumber { return time }
        let date = "\(day) \(Self.months[month - 1])"
        return year == now.year ? "\(date) \(time)" : "\(date) \(year)"
    }
}
