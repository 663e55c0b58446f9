/// The `code-interpreter` section: whether the code that models write is run, and how much it may
/// use.
package struct CodeSettings: Hashable, Sendable {
    /// Whether code is run.
    package var isEnabled = true
    /// How long one call may take.
    package var callTime = Duration.seconds(120)
    /// Processor time of one Python for its whole life.
    package var processorTime = Duration.seconds(600)
    /// Memory, in MiB.
    package var memory = 1024
    /// Processes and threads at a time.
    package var processes = 64
    /// The largest file, in MiB.
    package var fileSize = 64
    /// All files of a thread, in MiB.
    package var folderSize = 512
    /// What one call may print, in bytes.
    package var output = 100_000
    /// How many threads may have a Python at a time.
    package var kernels = 4
    /// How long a thread's Python and files are kept without use.
    package var idle = Duration.seconds(3600)

    /// The usual limits.
    package init() {}
}

extension CodeSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(
            decoder,
            allowed: [
                "enabled", "call-time", "processor-time", "memory", "processes", "file-size",
                "folder-size", "output", "kernels", "idle",
            ])
        let advice = "Allowed: a time such as 90s, 10m, 1h30m or 1d, at most 365d."
        func time(_ name: String) -> Duration? {
            fields.parsed(name, advice: advice, Duration.init(text:))
        }
        isEnabled = fields.flag("enabled") ?? isEnabled
        callTime = time("call-time") ?? callTime
        processorTime = time("processor-time") ?? processorTime
        memory = fields.number("memory", in: 64...1_048_576) ?? memory
        processes = fields.number("processes", in: 4...4096) ?? processes
        fileSize = fields.number("file-size", in: 1...512) ?? fileSize
        folderSize = fields.number("folder-size", in: 1...1_048_576) ?? folderSize
        output = fields.number("output", in: 1000...10_000_000) ?? output
        kernels = fields.number("kernels", in: 1...64) ?? kernels
        idle = time("idle") ?? idle
    }
}
