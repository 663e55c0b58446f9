package import Assistants
import FoundationEssentials
import GRDB
import Wire

extension Engine {
    /// What an export wrote.
    package struct ExportReport: Sendable {
        /// How many objects of each kind, in the order in which they were written.
        package var counts: [(kind: String, count: Int)] = []
        /// The files whose content is not there.
        package var missing: [File.ID] = []

        mutating func add(_ count: Int, _ kind: SavedObject.Kind) {
            if let place = counts.firstIndex(where: { $0.kind == kind.name }) {
                counts[place].count += count
            } else {
                counts.append((kind.name, count))
            }
        }
    }

    /// How many objects are read at once.
    private static let exportBatch = 500

    /// Writes everything into a folder, in the shapes of the API's lists: what an import takes.
    ///
    /// The local project lies in the folder itself, each other under `projects/`. Keys are not
    /// written.
    /// - Throws: `APIError` when the folder cannot be written.
    package func exportSaved(to folder: String) async throws(APIError) -> ExportReport {
        var report = ExportReport()
        try ExportFile.makeFolder(folder)
        for project in try await projects() {
            if project.id == Caller.localProject {
                try await export(project.id, to: folder, &report)
            } else {
                try ExportFile.makeFolder(folder + "/projects")
                let own = folder + "/projects/" + SavedFolder.name(for: project.id)
                try ExportFile.makeFolder(own)
                try await export(project.id, to: own, &report)
            }
        }
        ExportFile.sync()
        return report
    }

    private func export(
        _ project: Project.ID, to folder: String, _ report: inout ExportReport
    ) async throws(APIError) {
        let condition = Condition("project = ?", [project])
        _ = try await export(.assistant, condition, to: folder + "/assistants.json", &report)
        let files = try await export(.file, condition, to: folder + "/files.json", &report)
        try await exportContents(of: files, to: folder + "/files", &report)
        let stores = try await export(
            .vectorStore, condition, to: folder + "/vector_stores.json", &report)
        for store in stores {
            let place = try place(of: store, in: folder + "/vector_stores")
            _ = try await export(
                .vectorStoreFile, Condition("store = ?", [store]), to: place + "/files.json",
                &report)
        }
        let threads = try await export(.thread, condition, to: folder + "/threads.json", &report)
        for thread in threads {
            let place = try place(of: thread, in: folder + "/threads")
            let own = Condition("thread = ?", [thread])
            _ = try await export(.message, own, to: place + "/messages.json", &report)
            let runs = try await export(.run, own, to: place + "/runs.json", &report)
            if runs.isEmpty { continue }
            _ = try await export(.step, own, to: place + "/steps.json", &report)
        }
    }

    /// A folder for what belongs to an object.
    private func place(of id: String, in folder: String) throws(APIError) -> String {
        let place = folder + "/" + SavedFolder.name(for: id)
        try ExportFile.makeFolder(folder)
        try ExportFile.makeFolder(place)
        return place
    }

    /// Writes the objects of a kind, newest first; returns their ids.
    private func export(
        _ kind: SavedObject.Kind, _ condition: Condition, to path: String,
        _ report: inout ExportReport
    ) async throws(APIError) -> [String] {
        let file = try ExportFile(path: path)
        var ids: [String] = []
        var after: (Int64, Int64)?
        while true {
            let (behind, now) = (after, clock.seconds)
            let rows = try await store.read { db in
                try db.saved(kind, condition, behind: behind, limit: Self.exportBatch, at: now)
            }
            for row in rows {
                try file.add(row.json, id: row.id)
                ids.append(row.id)
            }
            guard let last = rows.last else { break }
            after = last.place
        }
        try file.finish()
        report.add(ids.count, kind)
        return ids
    }

    private func exportContents(
        of ids: [File.ID], to folder: String, _ report: inout ExportReport
    ) async throws(APIError) {
        if ids.isEmpty { return }
        try ExportFile.makeFolder(folder)
        let now = clock.seconds
        for id in ids {
            let row = try? await store.read { try $0.fileRow(id, for: .trusted, at: now) }
            guard let row, let content = row.content else {
                report.missing.append(id)
                continue
            }
            let target = folder + "/" + SavedFolder.name(for: row.file)
            do {
                try? FileManager.default.removeItem(atPath: target)
                try FileManager.default.copyItem(atPath: files.path(of: content), toPath: target)
            } catch {
                throw APIError(
                    status: 500, code: "storage_failed",
                    message: "\(target) cannot be written: \(error)")
            }
        }
    }
}

/// A row as it is exported.
private struct SavedRow: Sendable {
    var id: String
    var json: String
    /// Its place in the order.
    var place: (Int64, Int64)
}

extension Database {
    /// The next objects of a kind behind a place, newest first.
    fileprivate func saved(
        _ kind: SavedObject.Kind, _ condition: Condition, behind place: (Int64, Int64)?,
        limit: Int, at now: Int
    ) throws -> [SavedRow] {
        // Messages are in the order of their thread, whatever their times say.
        let first = kind == .message ? "position" : "created_at"
        var condition = condition
        if let place {
            condition = condition.and("(\(first), position) < (?, ?)", [place.0, place.1])
        }
        return try Row.fetchAll(
            self,
            sql: """
                SELECT * FROM \(Self.table(of: kind))\(condition.clause)
                ORDER BY \(first) DESC, position DESC LIMIT \(limit)
                """,
            arguments: condition.arguments
        ).map { row in
            let json: String =
                kind == .vectorStore
                ? try counted(VectorStoreRow(row), at: now).store.json.text : row["json"]
            return SavedRow(id: row["id"], json: json, place: (row[first], row["position"]))
        }
    }

    static func table(of kind: SavedObject.Kind) -> String {
        switch kind {
        case .assistant: "assistant"
        case .file: "file"
        case .vectorStore: "vector_store"
        case .vectorStoreFile: "vector_store_file"
        case .thread: "thread"
        case .message: "message"
        case .run: "run"
        case .step: "step"
        }
    }
}
