import Glibc

// What a kernel uses of the machine beside its own limits, and whether that is too much.
extension CodeKernel {
    @concurrent
    static func measure(_ folder: SharedFolder) async -> FolderUse { folder.use() }

    /// Why a cell must end. One that found too much there may not add to it, but tidy up.
    static func verdict(
        on now: FolderUse, before: FolderUse, _ limits: SandboxLimits
    ) -> CellStop? {
        if now.isUncounted || now.bytes > max(limits.folderBytes, before.bytes)
            || now.entries > max(limits.folderEntries, before.entries)
        {
            return .folderLimit
        }
        // Others write to the disk too: only code that took a good part of it is stopped. What it
        // has in files without a name is seen nowhere else.
        let taken = before.free - now.free
        if now.free < limits.freeDiskBytes, taken > limits.freeDiskBytes / 8 { return .diskFull }
        if taken > max(2 * limits.folderBytes, before.free / 2) { return .diskFull }
        return nil
    }

    /// What the machine could still give of its memory, in bytes; nil where it does not say.
    static var freeMemory: Int? {
        guard let file = fopen("/proc/meminfo", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let size = Int(line.filter { $0 >= "0" && $0 <= "9" })
        else { return nil }
        return min(size, Int.max >> 10) << 10
    }

    /// Whether what it leaves behind is too much to be kept, now that it has ended.
    static func isOverfull(
        _ folder: SharedFolder, after stop: CellStop, _ limits: SandboxLimits
    ) async -> Bool {
        switch stop {
        case .diskFull: true
        case .folderLimit: await measure(folder).bytes > 2 * limits.folderBytes
        case .asked, .timeLimit, .memory, .flood: false
        }
    }

    @concurrent
    static func empty(_ folder: SharedFolder) async { folder.empty() }
}
