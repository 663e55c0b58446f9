import Glibc

/// The processor time of this process, in seconds.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The median processor time of some runs, in seconds, after one run that warms up.
func median(runs: Int, _ body: () throws -> Void) rethrows -> Double {
    try body()
    var times: [Double] = []
    for _ in 0..<runs {
        let start = processorTime()
        try body()
        times.append(processorTime() - start)
    }
    return times.sorted()[times.count / 2]
}

extension Double {
    /// The number with so many digits behind the point.
    func digits(_ count: Int) -> String {
        let scale = (0..<count).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (self * scale).rounded()
        guard count > 0, abs(scaled) < 1e15 else { return "\(Int(scaled))" }
        let whole = Int(scaled) / Int(scale)
        let rest = "\(abs(Int(scaled)) % Int(scale))"
        return "\(whole).\(String(repeating: "0", count: count - rest.count))\(rest)"
    }
}
