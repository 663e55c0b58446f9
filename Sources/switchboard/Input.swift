import Glibc

/// Standard input.
enum Input {
    /// Everything up to its end, or to a limit in bytes.
    static func all(limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        return Array(bytes.prefix(limit))
    }
}
