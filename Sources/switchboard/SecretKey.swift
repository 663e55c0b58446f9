import Assistants
import CCrypto
import FoundationEssentials
import Glibc

/// A bearer key in the clear, known only to whoever made it and to those it was given to.
struct SecretKey {
    let text: String

    /// What a store keeps of the key.
    var hash: [UInt8] { Self.hash(text) }

    /// Its last letters, to tell it from others.
    var hint: String { String(text.suffix(4)) }

    /// Makes a key that nobody can guess.
    init() throws(Stop) {
        var bytes = [UInt8](repeating: 0, count: 24)
        guard crypto_random(&bytes, bytes.count) == 1 else {
            throw Stop.failed("No key could be made: the system gave no random numbers.")
        }
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        // Programs look for this beginning to know a key for what it is.
        text = "sk-" + digits.joined()
    }

    private init(text: String) { self.text = text }

    /// The SHA-256 of a key.
    static func hash(_ key: String) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(key.utf8)
        // Without its library there is no hash, and no key fits.
        guard crypto_sha256(bytes, bytes.count, &digest) == 1 else { return [] }
        return digest
    }
}

extension SecretKey {
    /// The key of the local project, kept in a file that only its owner can read.
    ///
    /// It is made when it is not there. A key that was revoked is replaced by a new one.
    /// - Returns: The key, and whether it is new.
    static func local(
        in directory: String, known keys: any KeyKeeping
    ) async throws -> (key: SecretKey, isNew: Bool) {
        let path = directory + "/local.key"
        if let data = try? Data(contentsOf: URL(filePath: path)) {
            let text = String(decoding: data.prefix(200), as: UTF8.self)
            let key = SecretKey(text: text.trimmingPrefix { $0.isWhitespace }.trimmed)
            if try await keys.caller(forKeyHash: key.hash) != nil { return (key, false) }
        }
        let key = try SecretKey()
        try key.write(to: path)
        _ = try await keys.createKey(
            hash: key.hash, hint: key.hint, name: "local", project: Caller.localProject)
        return (key, true)
    }

    private func write(to path: String) throws(Stop) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let code = descriptor < 0 ? errno : Output.write(Array((text + "\n").utf8), to: descriptor)
        if descriptor >= 0 { close(descriptor) }
        guard code == 0, rename(temporary, path) == 0 else {
            let reason = Output.reason(code == 0 ? errno : code)
            throw Stop.failed("The key could not be written to \(path): \(reason).")
        }
    }
}

extension Substring {
    /// Without the white space at its end.
    fileprivate var trimmed: String {
        String(prefix(upTo: lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex))
    }
}
