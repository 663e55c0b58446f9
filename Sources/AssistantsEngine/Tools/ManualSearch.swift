package import Assistants
import FoundationEssentials

/// Searches a folder of Markdown pages, section by section.
///
/// The index is made when it is first needed, and again when a page has changed. An actor, because
/// searches of several runs share it.
package actor ManualSearch: FileSearch {
    private let folder: String
    private var index: TextIndex?
    private var state: [PageState] = []

    private struct PageState: Hashable {
        var name: String
        var changed: Date?
        var size: UInt64
    }

    /// The largest page that is read, in bytes.
    package static let pageLimit = 1 << 20

    /// Makes a search over the `.md` files of a folder.
    package init(folder: String) { self.folder = folder }

    package func search(
        _ queries: [String], limit: Int
    ) async throws(APIError) -> [FileSearchResult] {
        let found = try pages()
        if index == nil || found != state {
            var passages: [Passage] = []
            for page in found { passages += try sections(of: page.name) }
            index = try TextIndex(passages)
            state = found
        }
        return try await index?.search(queries, limit: limit) ?? []
    }

    private func pages() throws(APIError) -> [PageState] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".md") }.sorted().map { name in
                    let facts = try FileManager.default.attributesOfItem(
                        atPath: folder + "/" + name)
                    return PageState(
                        name: name, changed: facts[.modificationDate] as? Date,
                        size: (facts[.size] as? UInt64) ?? 0)
                }
        } catch {
            throw unreadable(error)
        }
    }

    private func sections(of name: String) throws(APIError) -> [Passage] {
        do {
            let data = try Data(contentsOf: URL(filePath: folder + "/" + name))
            let text = String(decoding: data.prefix(Self.pageLimit), as: UTF8.self)
            return MarkdownSections(text).sections.map { section in
                Passage(
                    fileID: "file-" + name, fileName: name,
                    title: section.headings.joined(separator: " "), text: section.text)
            }
        } catch {
            throw unreadable(error)
        }
    }

    private nonisolated func unreadable(_ error: any Error) -> APIError {
        APIError(
            status: 500, code: "search_failed",
            message: "The manual in \(folder) could not be read: \(error)")
    }
}
