package import Assistants
import GRDB

extension Engine {
    /// How many objects are taken in with one write.
    private static let importBatch = 1000

    /// Takes in what people saved, with its ids and times. Doing it twice changes nothing more.
    ///
    /// - Parameter progress: told now and then how many objects were taken in so far.
    /// - Throws: `APIError` when the path cannot be read, or the store cannot be written; what was
    ///   taken in before stays, and the import can be done again.
    package func importSaved(
        _ order: ImportOrder, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws(APIError) -> ImportReport {
        try RequestChecks.project(order.project)
        let folder = try SavedFolder(order.path, project: order.project)
        let stage = try ImportStage(directory: files.directory)
        defer { stage.close() }
        var tally = ImportTally()
        for (number, source) in folder.objects.enumerated() {
            let source = SavedSource(
                path: source.path, name: SavedFolder.stem(of: source.path), number: number,
                project: source.project)
            try await source.read(into: stage, folder, &tally)
        }
        try await stage.sort()
        var count = 0
        for kind in SavedObject.Kind.allCases {
            var position: ImportStage.Position? = .init()
            var unsettled: Thread.ID?
            while position != nil {
                let staged = try await stage.next(kind, from: &position, limit: Self.importBatch)
                let outcomes =
                    order.isDryRun
                    ? try await foresee(staged, order)
                    : try await take(staged, order, folder, &unsettled)
                for (one, outcome) in zip(staged, outcomes) {
                    tally.count(outcome, kind, one.object.id)
                    note(one.object, outcome, folder, &tally)
                }
                count += staged.count
                progress(count)
            }
        }
        let report = tally.report
        if !order.isDryRun {
            indexer.wake()
            if report.counts.contains(where: { $0.added + $0.replaced > 0 }) {
                publish(.objectsImported)
            }
        }
        return report
    }

    /// Waits until the files that were taken in can be searched.
    package func waitForIndexing() async throws(APIError) {
        let stores = try await store.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT DISTINCT store FROM vector_store_file WHERE status = 'in_progress'")
        }
        await indexer.waitUntilDone(with: stores)
    }

    private func importRules(_ order: ImportOrder) -> ImportRules {
        ImportRules(
            overwrites: order.overwrites,
            builtIn: [Self.defaultAssistantID, GuideBackend.assistantID])
    }

    /// - Parameter unsettled: the thread whose messages are not in their order yet, because more
    ///   of them may follow.
    private func take(
        _ staged: [ImportStage.Staged], _ order: ImportOrder, _ folder: SavedFolder,
        _ unsettled: inout Thread.ID?
    ) async throws(APIError) -> [ImportOutcome] {
        let (rules, before) = (importRules(order), unsettled)
        guard let kind = staged.first?.object.kind else {
            if let before { try await store.write { try $0.settleMessages(of: before) } }
            return []
        }
        switch kind {
        case .message, .run, .step:
            let (outcomes, after) = try await store.write { db in
                var unsettled = before
                let outcomes = try db.take(staged, rules, settling: &unsettled)
                return (outcomes, unsettled)
            }
            unsettled = after
            return outcomes
        case .file:
            var outcomes: [ImportOutcome] = []
            for one in staged { outcomes.append(try await takeFile(one, rules, folder)) }
            return outcomes
        case .assistant, .vectorStore, .vectorStoreFile, .thread:
            return try await store.write { db in
                try staged.map { try db.take($0, content: nil, rules) }
            }
        }
    }

    /// A file's content is on disk before its row.
    private func takeFile(
        _ staged: ImportStage.Staged, _ rules: ImportRules, _ folder: SavedFolder
    ) async throws(APIError) -> ImportOutcome {
        var (taken, file) = (staged, try File(json: staged.object.json))
        let before = try await store.read { try $0.outcome(for: staged, rules) }
        var content: String?
        if before == nil || before == .replaced, let path = folder.content(of: file) {
            let name = newID("content")
            file.byteCount = try await files.take(
                FileUpload(path: path, filename: file.filename, purpose: file.purpose), as: name)
            taken.object.json = file.json
            content = name
        }
        let (found, whole) = (content, taken)
        return try await store.write { db in
            let outcome = try db.take(whole, content: found, rules)
            if outcome == .replaced, let found {
                try db.execute(
                    sql: "UPDATE file SET content = ? WHERE id = ?",
                    arguments: [found, whole.object.id])
            }
            return outcome
        }
    }

    /// What would become of objects.
    private func foresee(
        _ staged: [ImportStage.Staged], _ order: ImportOrder
    ) async throws(APIError) -> [ImportOutcome] {
        let rules = importRules(order)
        return try await store.read { db in
            try staged.map { try db.outcome(for: $0, rules) ?? .added }
        }
    }

    private func note(
        _ object: SavedObject, _ outcome: ImportOutcome, _ folder: SavedFolder,
        _ tally: inout ImportTally
    ) {
        guard outcome == .added || outcome == .replaced else { return }
        if object.kind == .run, let run = try? Run(json: object.json), run.status.isActive {
            tally.note("runs were saved before their end: they are expired now", example: run.id)
        }
        if object.kind == .file, let file = try? File(json: object.json),
            folder.content(of: file) == nil
        {
            tally.note(
                "the content of files was not saved: only what is said of them", example: file.id)
        }
    }
}

extension Database {
    /// What becomes of an object that is there already; nil for one that is not.
    fileprivate func outcome(
        for staged: ImportStage.Staged, _ rules: ImportRules
    ) throws -> ImportOutcome? {
        let object = staged.object
        if object.kind == .vectorStoreFile {
            let isThere = (try? member(object.id, of: object.owner)) != nil
            return isThere ? (rules.overwrites ? .replaced : .kept) : nil
        }
        let table = Self.table(of: object.kind)
        return try outcome(for: object, in: table, staged.project, rules)
    }
}
