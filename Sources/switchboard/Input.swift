import Glibc

/// What a person gives the program to read.
enum Input {
    /// So many bytes are read at most.
    static let limit = 4 << 20

    /// Everything on standard input.
    /// - Throws: `Stop` when it is too long or cannot be read.
    static func standardInput() throws(Stop) -> [UInt8] {
        try all(STDIN_FILENO, name: "Standard input")
    }

    /// A whole file; `-` is standard input.
    /// - Throws: `Stop` when it is too long or cannot be read.
    static func file(_ path: String) throws(Stop) -> [UInt8] {
        if path == "-" { return try standardInput() }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Stop.failed("\(path): \(Output.reason(errno)).") }
        defer { close(descriptor) }
        return try all(descriptor, name: path)
    }

    private static func all(_ descriptor: Int32, name: String) throws(Stop) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw Stop.failed("\(name) could not be read: \(Output.reason(errno)).")
            }
        }
        throw tooLong(name)
    }

    /// Says that there is more than is read.
    static func tooLong(_ name: String) -> Stop {
        .failed("\(name) is longer than \(limit >> 20) MiB, which is the most it may be.")
    }
}
