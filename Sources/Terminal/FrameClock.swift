/// Decides when a frame is painted and when the mailbox is emptied. Times are monotonic
/// nanoseconds.
///
/// A frame is painted at once when the last one is an interval old, else at the interval's end;
/// what a person typed is shown at once. While the terminal has not taken the last frame, none is
/// painted, and the mailbox is emptied at the same pace.
struct FrameClock {
    /// The shortest time between two frames that nobody typed.
    let interval: Int64
    /// Whether something changed since the last frame.
    private(set) var needsFrame = true
    private var isUrgent = true
    private var lastFrame: Int64
    private var lastReceipt: Int64

    /// A clock whose first frame is due now.
    init(interval: Int64, now: Int64) {
        self.interval = interval
        lastFrame = now - interval
        lastReceipt = lastFrame
    }

    /// Something changed.
    mutating func setNeedsFrame() {
        needsFrame = true
    }

    /// Something changed that a person is waiting for.
    mutating func setUrgent() {
        needsFrame = true
        isUrgent = true
    }

    /// When the next frame is due; nil while nothing changed or the terminal is busy with the last.
    func frameTime(isBusy: Bool) -> Int64? {
        guard needsFrame && !isBusy else { return nil }
        return isUrgent ? Int64.min : lastFrame + interval
    }

    /// When the mailbox may be emptied next: with the frame that its content will show in.
    func receiptTime(isBusy: Bool) -> Int64 {
        (isBusy ? lastReceipt : lastFrame) + interval
    }

    /// The mailbox was emptied.
    mutating func received(at now: Int64) {
        lastReceipt = now
    }

    /// A frame was painted.
    mutating func painted(at now: Int64) {
        lastFrame = now
        needsFrame = false
        isUrgent = false
    }
}
