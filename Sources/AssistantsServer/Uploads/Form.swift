import Assistants
import Glibc
import HummingbirdCore
import NIOCore
import NIOPosix

/// A form as it was received: its fields, and its file on disk.
///
/// A class, because the file goes when nobody needs the form any more, unless a service took it.
final class Form: Sendable {
    /// The fields that are no files, by their names.
    let fields: [String: String]
    /// The file's name as it was given; nil where there is no file.
    let filename: String?
    /// The file's SHA-256.
    let sum: [UInt8]
    /// Where the file is.
    let path: String?

    init(fields: [String: String], filename: String?, sum: [UInt8], path: String?) {
        self.fields = fields
        self.filename = filename
        self.sum = sum
        self.path = path
    }

    deinit { if let path { unlink(path) } }

    /// What tells two forms apart.
    var hash: [UInt8] {
        var bytes = sum + Array((filename ?? "").utf8)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            bytes += [0] + Array(name.utf8) + [0] + Array(value.utf8)
        }
        return Hash.sha256(bytes)
    }
}

/// Receives a form: its file goes to disk as it comes, its fields are kept.
///
/// An actor, because it keeps what it has of the form while it waits for more.
actor FormReader {
    private static let fieldLimit = 64 << 10
    private static let writeSize = 256 << 10

    private let limit: Int
    private let folder: String
    private var parser: MultipartParser
    private var fields: [String: String] = [:]
    private var field: (name: String, bytes: [UInt8])?
    private var file: (descriptor: Int32, path: String, name: String)?
    private var isFileOpen = false
    private var unwritten: [UInt8] = []
    private var size = 0
    private var hash = RunningHash()

    /// - Parameters:
    ///   - type: The request's content type, with the boundary.
    ///   - folder: Where the file is written.
    ///   - limit: The most bytes of the file.
    init(type: String, folder: String, limit: Int) throws(APIError) {
        guard let boundary = Self.boundary(type) else {
            throw .invalid(
                "Send a form, with the header 'Content-Type: multipart/form-data; boundary=…'.")
        }
        parser = try MultipartParser(boundary: boundary)
        self.folder = folder
        self.limit = limit
    }

    deinit {
        guard let file else { return }
        close(file.descriptor)
        unlink(file.path)
    }

    /// Reads a body to its end.
    ///
    /// - Throws: An `APIError` for a form that cannot be read or is too large, and what breaks the
    ///   connection.
    func read(_ body: RequestBody) async throws -> Form {
        for try await buffer in body {
            for event in try parser.feed(buffer.readableBytesView) { try take(event) }
            if unwritten.count >= Self.writeSize { try await write() }
        }
        try parser.finish()
        try await write()
        defer { file = nil }
        if let file { close(file.descriptor) }
        return Form(fields: fields, filename: file?.name, sum: takeSum(), path: file?.path)
    }

    private func takeSum() -> [UInt8] {
        var last = RunningHash()
        swap(&last, &hash)
        return last.finish() ?? []
    }

    private func take(_ event: MultipartParser.Event) throws(APIError) {
        switch event {
        case .begin(let name, nil): field = (name, [])
        case .begin(let name, let filename?):
            if name != "file" { throw RequestFault.unknown(name) }
            if file != nil { throw .invalid("Send one file at a time.", param: "file") }
            try open(filename)
        case .data(let bytes):
            if isFileOpen {
                size += bytes.count
                if size > limit { throw Self.tooLarge(limit) }
                bytes.withUnsafeBytes { hash.add($0) }
                unwritten += bytes
                return
            }
            field?.bytes += bytes
            if let count = field?.bytes.count, count > Self.fieldLimit {
                throw .invalid("A field of the form is too long.", param: field?.name)
            }
        case .end:
            isFileOpen = false
            if let field { fields[field.name] = String(decoding: field.bytes, as: UTF8.self) }
            field = nil
        }
    }

    private func open(_ filename: String) throws(APIError) {
        let path = folder + "/upload-" + RequestRecord.newID()
        let flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW
        let descriptor = Glibc.open(path, flags, 0o600)
        if descriptor < 0 {
            throw APIError(status: 500, message: "The upload cannot be kept: errno \(errno).")
        }
        file = (descriptor, path, filename)
        isFileOpen = true
    }

    /// Writes on a thread that may block.
    private func write() async throws {
        guard let descriptor = file?.descriptor, !unwritten.isEmpty else { return }
        let bytes = unwritten
        unwritten = []
        let code = try await NIOThreadPool.singleton.runIfActive { () -> Int32 in
            var written = 0
            while written < bytes.count {
                let count = bytes[written...].withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return errno }
                written += count
            }
            return 0
        }
        guard code != 0 else { return }
        let isFull = code == ENOSPC || code == EDQUOT
        throw APIError(
            status: isFull ? 507 : 500,
            message: isFull
                ? "The disk is full: the upload was not kept."
                : "The upload cannot be written: errno \(code).")
    }

    static func tooLarge(_ limit: Int) -> APIError {
        APIError(
            status: 413, code: "file_too_large",
            message: "The file is larger than the \(limit) bytes that are taken here.")
    }

    private static func boundary(_ type: String) -> String? {
        let parts = type.split(separator: ";", omittingEmptySubsequences: true)
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].drop(while: { $0 == " " }).lowercased() == "boundary"
            else { continue }
            let value = pair[1]
            guard value.hasPrefix("\""), value.hasSuffix("\""), value.utf8.count > 1 else {
                return String(value)
            }
            return String(value.dropFirst().dropLast())
        }
        return nil
    }
}
