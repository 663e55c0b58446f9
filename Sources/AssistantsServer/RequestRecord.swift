import Assistants
import Glibc
import Logging

/// What is known of one request, for its log line and the metrics. It holds no content and no key.
struct RequestRecord: Sendable {
    let method: String
    /// `req_` and 32 hexadecimal digits.
    let requestID: String
    let start = ContinuousClock.now
    /// The endpoint's path with its placeholders; a dash where there is none.
    var route = "-"
    /// What was answered; 499 while the client may leave before that.
    var status = 499
    var sentBytes = 0
    var caller: Caller?
    var hasReadBody = false

    init(method: String) {
        // Anybody may invent a method; the log and the metrics know the usual ones.
        let known = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"]
        self.method = known.contains(method) ? method : "OTHER"
        requestID = Self.newID()
    }

    /// Writes the request's line.
    func log(_ logger: Logger) {
        logger.info(
            "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(status)",
                "ms": "\(start.duration(to: .now).milliseconds)", "bytes": "\(sentBytes)",
                "project": "\(project)", "id": "\(requestID)",
            ])
    }

    private var project: String {
        switch caller {
        case .project(let name): name
        case .trusted: "(trusted)"
        case nil: "-"
        }
    }

    static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        var text = "req_"
        text.reserveCapacity(36)
        for _ in 0..<2 {
            let digits = String(generator.next(), radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return text
    }
}

/// The time in the form of HTTP headers.
enum HTTPDate {
    /// Now, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "" }
        let day = days[Int(parts.tm_wday) % 7]
        let month = months[Int(parts.tm_mon) % 12]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { two($0) }
        return "\(day), \(two(parts.tm_mday)) \(month) \(Int(parts.tm_year) + 1900) "
            + clock.joined(separator: ":") + " GMT"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
