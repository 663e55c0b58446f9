import Assistants
import Wire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A list of objects that is written while it is read, in the shape of the API's lists: one object
/// a line, the newest first.
final class ExportFile {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = Array("{\"object\":\"list\",\"data\":[".utf8)
    private var ids: (first: String, last: String)?

    private static let bufferSize = 1 << 18

    /// Creates the file, or writes it anew. A link in its place is not followed.
    init(path: String) throws(APIError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { throw FileFolder.failure("\(path) cannot be written") }
    }

    deinit { close(descriptor) }

    /// Adds an object as its JSON text.
    func add(_ json: String, id: String) throws(APIError) {
        buffer += ids == nil ? [UInt8(ascii: "\n")] : Array(",\n".utf8)
        buffer += json.utf8
        ids = (ids?.first ?? id, id)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Ends the list. The file is surely on disk after `sync`.
    func finish() throws(APIError) {
        let first = ids.map { JSONValue.string($0.first) } ?? .null
        let last = ids.map { JSONValue.string($0.last) } ?? .null
        buffer += Array("\n],\"first_id\":".utf8)
        first.write(to: &buffer)
        buffer += Array(",\"last_id\":".utf8)
        last.write(to: &buffer)
        buffer += Array(",\"has_more\":false}\n".utf8)
        try flush()
    }

    /// Has everything that was written on disk: one wait for all files, of which there may be
    /// three for each thread.
    static func sync() {
        #if canImport(Glibc)
            Glibc.sync()
        #else
            Darwin.sync()
        #endif
    }

    private func flush() throws(APIError) {
        var written = 0
        while written < buffer.count {
            let more = buffer.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if more < 0, errno != EINTR { throw FileFolder.failure("\(path) cannot be written") }
            written += max(0, more)
        }
        buffer = []
    }

    /// Makes a folder where it is missing.
    static func makeFolder(_ path: String) throws(APIError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw FileFolder.failure("The folder \(path) cannot be made")
        }
    }
}
