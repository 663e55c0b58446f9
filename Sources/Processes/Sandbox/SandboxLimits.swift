/// How much a sandbox may use.
package struct SandboxLimits: Hashable, Sendable {
    /// Processor time of one process, in seconds; a kernel is one process for its whole life.
    package var processorSeconds = 600
    /// How long one cell may take.
    package var cellTime = Duration.seconds(120)
    /// How long code may take to stop once it was interrupted; then its kernel is killed.
    package var graceTime = Duration.seconds(2)
    /// Memory of one process; where there is a control group, of all together.
    package var memoryBytes = 1 << 30
    /// Processes and threads at a time.
    package var processes = 64
    /// The largest file.
    package var fileBytes = 64 << 20
    /// All of `/mnt/data`. Files are counted four times a second: what is written in between can
    /// exceed it.
    package var folderBytes = 512 << 20
    /// Files and folders in `/mnt/data`, counted like its bytes.
    package var folderEntries = 10_000
    /// What stays free on the disk of `/mnt/data`; code that takes more is stopped.
    package var freeDiskBytes = 256 << 20
    /// What stays free of the machine's memory where no control group counts what is used; code is
    /// stopped before.
    package var freeMemoryBytes = 256 << 20
    /// `/tmp` and `/dev/shm`, each; they are in memory.
    package var temporaryBytes = 64 << 20
    /// Open files of one process.
    package var openFiles = 256
    /// Text of one cell, in bytes of UTF-8; the rest is left out.
    package var outputBytes = 100_000
    /// Images of one cell; the rest is left out.
    package var images = 20
    /// The largest image; those of a cell have room for two of these together.
    package var imageBytes = 10 << 20

    /// The usual limits.
    package init() {}
}
