package import Assistants
import Glibc

/// A file on this machine that goes to the service: opened, and known to be an ordinary file.
///
/// A class, because it holds a descriptor until nobody needs the file any more. What is uploaded
/// is what was opened, whatever happens to its name meanwhile.
package final class LocalFile: Sendable {
    /// What is known of a file before it is uploaded.
    package struct Facts: Hashable, Sendable {
        /// In bytes.
        package var size: Int
        /// When it was changed last, in nanoseconds since 1970.
        package var modified: Int64
        /// Whether it is a picture that models can see: PNG, JPEG, GIF or WebP.
        package var isPicture: Bool
    }

    /// Why a file cannot be attached.
    package struct Problem: Error, Hashable, Sendable {
        /// A sentence.
        package var message: String
    }

    /// The file's own name.
    package let name: String
    package let facts: Facts
    private let descriptor: Int32

    /// Larger files are taken by no service. In bytes.
    package static let sizeLimit = 512 << 20

    /// Opens a file, without waiting for anybody.
    package init(path: [UInt8]) throws(Problem) {
        let name = Self.name(of: path)
        guard !path.isEmpty, !path.contains(0) else {
            throw Problem(message: "There is no file of this name.")
        }
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        let descriptor = open(terminated, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw Self.problem(errno, name) }
        do throws(Problem) {
            facts = try Self.facts(of: descriptor, name)
        } catch {
            close(descriptor)
            throw error
        }
        self.name = name
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Uploads the file; it is safely at the service when this returns.
    package func upload(to service: any FileService) async throws(APIError) -> File {
        try await service.createFile(
            FileUpload(
                path: "/proc/self/fd/\(descriptor)", filename: name,
                purpose: facts.isPicture ? "vision" : "assistants"), for: .trusted)
    }

    /// The last part of a path.
    static func name(of path: [UInt8]) -> String {
        let last = path.split(separator: UInt8(ascii: "/")).last ?? []
        return last.isEmpty ? "file" : String(decoding: last, as: UTF8.self)
    }

    private static func facts(of descriptor: Int32, _ name: String) throws(Problem) -> Facts {
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { throw problem(errno, name) }
        switch found.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR:
            throw Problem(message: "\(name) is a folder; only files can be attached.")
        default:
            throw Problem(message: "\(name) is no ordinary file and cannot be attached.")
        }
        let size = Int(found.st_size)
        guard size <= sizeLimit else {
            throw Problem(
                message: "\(name) has \(size.sizeText); a file may have at most "
                    + "\(sizeLimit.sizeText).")
        }
        let time = found.st_mtim
        return Facts(
            size: size, modified: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec),
            isPicture: isPicture(descriptor))
    }

    private static func isPicture(_ descriptor: Int32) -> Bool {
        var start = [UInt8](repeating: 0, count: 12)
        let count = pread(descriptor, &start, start.count, 0)
        guard count > 0 else { return false }
        let bytes = start.prefix(count)
        return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
            || bytes.starts(with: [0xFF, 0xD8, 0xFF]) || bytes.starts(with: "GIF8".utf8)
            || bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    }

    private static func problem(_ code: Int32, _ name: String) -> Problem {
        switch code {
        case ENOENT, ENOTDIR: Problem(message: "\(name) is not there.")
        case EACCES, EPERM: Problem(message: "\(name) may not be read.")
        case ENXIO: Problem(message: "\(name) is no ordinary file and cannot be attached.")
        default:
            Problem(message: "\(name) cannot be read: \(String(cString: strerror(code))).")
        }
    }
}

extension Int {
    /// The size of a file as people read it: `120 bytes`, `12.3 kB`, `4.0 MB`.
    var sizeText: String {
        if self < 1_000 { return self == 1 ? "1 byte" : "\(self) bytes" }
        let (unit, name) =
            self < 1_000_000
            ? (1_000, "kB") : self < 1_000_000_000 ? (1_000_000, "MB") : (1_000_000_000, "GB")
        let tenths = self / (unit / 10)
        return tenths >= 1_000 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
}
