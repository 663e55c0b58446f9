internal import CLinux
internal import Glibc
internal import Synchronization

/// Wakes the terminal's thread from any other.
///
/// A class, because it owns the event counter that the thread sleeps on.
package final class TerminalWaker: Sendable {
    let descriptor: Int32
    private let isPending = Atomic(false)
    private let wantsEnd = Atomic(false)

    init() throws(TerminalError) {
        descriptor = system_eventfd()
        guard descriptor >= 0 else { throw .system("make an event counter", error: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Makes the client's `receive` run soon. One system call when the thread does not know yet,
    /// else none.
    package func wake() {
        if !isPending.exchange(true, ordering: .acquiringAndReleasing) { write() }
    }

    /// Makes the session end as if the client had asked for it.
    package func end() {
        wantsEnd.store(true, ordering: .releasing)
        write()
    }

    var isEnding: Bool { wantsEnd.load(ordering: .acquiring) }

    /// Whether somebody woke the thread since `rearm`.
    var isAwake: Bool { isPending.load(ordering: .acquiring) }

    /// The mailbox is about to be emptied: whoever comes from now on wakes again.
    func rearm() {
        _ = isPending.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// Takes what the counter holds, so that it does not wake again.
    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    private func write() {
        var one: UInt64 = 1
        _ = Glibc.write(descriptor, &one, 8)
    }
}
