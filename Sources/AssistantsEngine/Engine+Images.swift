import Assistants
import FoundationEssentials
import GRDB

extension Engine {
    /// The most bytes of images that one run sends to its model; the newest are sent.
    static let imageLimit = 20 << 20

    /// Messages of a thread in which image files stand as their bytes, so that a model can see
    /// them. An image that is not there, or of another project, stays as it is.
    func withImages(_ messages: [Message], of thread: Thread.ID) async throws(APIError) -> [Message]
    {
        guard messages.contains(where: { $0.content.contains(where: \.isImageFile) }) else {
            return messages
        }
        let project = try await store.read { try $0.threadRow(thread, for: .trusted).project }
        var (messages, room) = (messages, Self.imageLimit)
        for place in messages.indices.reversed() {
            for part in messages[place].content.indices {
                guard case .imageFile(let id, let detail) = messages[place].content[part],
                    let url = try? await imageURL(of: id, in: project, room: &room)
                else { continue }
                messages[place].content[part] = .imageURL(url: url, detail: detail)
            }
        }
        return messages
    }

    private func imageURL(
        of id: File.ID, in project: Project.ID, room: inout Int
    ) async throws(APIError) -> String? {
        let now = clock.seconds
        let row = try await store.read { try $0.fileRow(id, for: .project(project), at: now) }
        guard let content = row.content, row.file.byteCount <= room else { return nil }
        let reader = try FileReader(path: files.path(of: content))
        var bytes: [UInt8] = []
        while let piece = try await reader.next() { bytes += piece }
        guard let type = Self.imageType(of: bytes) else { return nil }
        room -= bytes.count
        return "data:\(type);base64,\(Data(bytes).base64EncodedString())"
    }

    /// What kind of image bytes are, by how they begin; nil for none that models see.
    private static func imageType(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: "GIF8".utf8) { return "image/gif" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            return "image/webp"
        }
        return nil
    }
}

extension MessageContent {
    fileprivate var isImageFile: Bool {
        if case .imageFile = self { true } else { false }
    }
}
