import Glibc

/// Which process it is: its number, which is given again, and when it began.
package struct ProcessIdentity: Hashable, Sendable {
    /// Its number.
    package var number: Int32
    /// When it began, in ticks since the machine did; 0 where that is not known.
    package var start: Int

    /// Names a process.
    package init(number: Int32, start: Int) {
        self.number = number
        self.start = start
    }

    /// This process.
    package static var current: ProcessIdentity {
        ProcessIdentity(number: getpid(), start: start(of: getpid()) ?? 0)
    }

    /// Whether it is there.
    package var isAlive: Bool { number > 0 && Self.start(of: number) == start }

    /// The 22nd field of `/proc/PID/stat` (proc(5)); the second is a name, which may hold anything.
    private static func start(of number: Int32) -> Int? {
        guard let file = fopen("/proc/\(number)/stat", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ")
        return fields.count > 20 ? Int(fields[20]) : nil
    }
}
