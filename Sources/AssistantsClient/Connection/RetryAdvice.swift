import Transport

/// What an answer says about sending its request again.
struct RetryAdvice: Hashable, Sendable {
    /// What the server wants; nil where it says nothing.
    var shouldRetry: Bool?
    /// How long the server wants to be left alone.
    var delay: Duration?

    init(shouldRetry: Bool? = nil) { self.shouldRetry = shouldRetry }

    /// Reads the header fields of an answer.
    ///
    /// - Parameter now: Seconds since 1970, for waits that are given as a date.
    init(_ response: HTTPResponse, now: Int) {
        switch response.header("x-should-retry") {
        case "true": shouldRetry = true
        case "false": shouldRetry = false
        default: break
        }
        if let milliseconds = response.header("retry-after-ms").flatMap(Double.init) {
            delay = Self.duration(seconds: milliseconds / 1000)
        } else if let text = response.header("retry-after") {
            delay =
                Double(text).flatMap(Self.duration(seconds:))
                ?? Self.seconds(ofDate: text).map { .seconds($0 - now) }
        }
    }

    private static func duration(seconds: Double) -> Duration? {
        seconds.isFinite && abs(seconds) < 1e9 ? .seconds(seconds) : nil
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The seconds since 1970 of a date such as `Wed, 21 Oct 2026 07:28:00 GMT`.
    static func seconds(ofDate text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (1...31).contains(day), (1970...9999).contains(year),
            (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        // Days since 1970, counted in years that begin in March, so that leap days come last.
        let shifted = month < 2 ? year - 1 : year
        let dayOfYear = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }
}
