internal import CLinux
internal import Glibc

/// What is on its way to the terminal. Writing never waits: what the terminal does not take stays
/// here.
///
/// A class, because the driver adds frames and the loop adds commands and sends both.
final class TerminalOutput {
    /// Whether something has not been taken by the terminal yet.
    var isBusy: Bool { !pending.isEmpty }
    /// Whether the terminal is gone.
    private(set) var isClosed = false
    /// Bytes the terminal took.
    private(set) var bytesWritten = 0
    /// Calls that gave it some.
    private(set) var writes = 0
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var start = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Adds bytes behind what is already waiting; `flush` sends them.
    func append(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
    }

    /// Gives the terminal as much as it takes now.
    func flush() {
        while start < pending.count {
            let count = pending.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count > 0 {
                start += count
                bytesWritten += count
                writes += 1
            } else if count < 0 && errno == EINTR {
                continue
            } else {
                if !(count < 0 && errno == EAGAIN) { isClosed = true }
                break
            }
        }
        if isClosed || start == pending.count {
            pending.removeAll(keepingCapacity: pending.count < 1 << 16)
            start = 0
        }
    }

    /// Forgets what the terminal has not taken, because its modes are about to be put back.
    func discard() {
        pending.removeAll()
        start = 0
    }
}
