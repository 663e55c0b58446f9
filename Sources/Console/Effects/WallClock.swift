import Glibc

/// The clock on the wall.
package enum WallClock {
    /// Seconds since 1970, UTC.
    package static var now: Int { time(nil) }

    /// Local time minus UTC now, in seconds.
    package static var utcOffset: Int {
        var now = time(nil)
        var local = tm()
        guard localtime_r(&now, &local) != nil else { return 0 }
        return local.tm_gmtoff
    }
}
