import Assistants

/// What the console remembers between two sittings, for one service.
package struct Memory: Hashable, Sendable {
    /// What is remembered of one thread.
    struct ThreadMemory: Hashable, Sendable {
        var draft = ""
        /// Where the reader was scrolled back to.
        var place: Place?
        /// When the thread was last looked at, in seconds since 1970.
        var seen = 0
        /// The assistant that was chosen for the thread.
        var assistantID: Assistant.ID?
        /// Where the files are that go with the draft.
        var files: [[UInt8]] = []

        /// Whether nothing is worth keeping.
        var isEmpty: Bool { self == ThreadMemory() }
    }

    /// A place in a thread.
    struct Place: Hashable, Sendable {
        /// The message at the top.
        var message: Message.ID
        /// The row of it.
        var row = 0
        /// The message's number in the thread, from 0; it may have moved since.
        var number: Int?
    }

    /// How the panes lie.
    struct Layout: Hashable, Sendable {
        var isSide = false
        var isBandHidden = false
        /// Rows the band is taller than usual.
        var bandGrowth = 0
    }

    /// By thread; the draft of a thread that is not there yet has the empty id.
    var threads: [Assistants.Thread.ID: ThreadMemory] = [:]
    /// The thread that was open last; empty for a new one.
    var lastThread: Assistants.Thread.ID?
    var layout = Layout()
    /// The assistant that new threads get.
    var assistantID: Assistant.ID?
    /// Messages sent before, oldest first.
    var history: [String] = []
    /// When this memory began: what happened before is not unread.
    var since = 0

    /// Messages of the history that are kept.
    static let historyLimit = 200
    /// Longer messages are not kept in the history, in bytes.
    static let historyBytesLimit = 8_192
    /// Files of a thread that are read back.
    static let filesLimit = 100
    /// Threads that are remembered.
    static let threadLimit = 5_000

    /// A memory of nothing.
    package init() {}
}

/// What changed in the memory.
///
/// Only this is written, so that two consoles do not erase each other's.
struct MemoryChange: Hashable, Sendable {
    var threads: [Assistants.Thread.ID: Memory.ThreadMemory] = [:]
    var lastThread: Assistants.Thread.ID?
    var layout: Memory.Layout?
    var assistantID: Assistant.ID?
    /// Messages to add at the end of the history.
    var history: [String] = []

    /// Whether nothing changed.
    var isEmpty: Bool { self == MemoryChange() }

    /// Takes in a later change.
    mutating func merge(_ next: MemoryChange) {
        threads.merge(next.threads) { $1 }
        lastThread = next.lastThread ?? lastThread
        layout = next.layout ?? layout
        assistantID = next.assistantID ?? assistantID
        history += next.history
    }

    /// Makes the change in a memory that may have been changed by somebody else.
    func apply(to memory: inout Memory) {
        memory.threads.merge(threads) { $1 }
        memory.threads = memory.threads.filter { !$0.value.isEmpty }
        memory.lastThread = lastThread ?? memory.lastThread
        memory.layout = layout ?? memory.layout
        memory.assistantID = assistantID ?? memory.assistantID
        for text in history where memory.history.last != text {
            memory.history.append(text)
        }
        memory.history.removeFirst(max(0, memory.history.count - Memory.historyLimit))
        if memory.threads.count > Memory.threadLimit {
            let oldest = memory.threads
                .filter { $0.value.draft.isEmpty && $0.value.files.isEmpty }
                .sorted { $0.value.seen < $1.value.seen }
            for entry in oldest.prefix(memory.threads.count - Memory.threadLimit) {
                memory.threads[entry.key] = nil
            }
        }
    }
}
