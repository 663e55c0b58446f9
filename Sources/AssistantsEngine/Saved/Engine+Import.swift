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
        let trial = order.isDryRun ? try ImportTrial(directory: files.directory) : nil
        defer { trial?.close() }
        let rules = importRules(order)
        var count = 0
        for kind in SavedObject.Kind.allCases {
            var position: ImportStage.Position? = .init()
            var unsettled: Thread.ID?
            while position != nil {
                let staged = try await stage.next(kind, from: &position, limit: Self.importBatch)
                var outcomes: [ImportOutcome] = []
                if kind == .file {
                    for one in staged {
                        outcomes.append(try await takeFile(one, rules, folder, trial))
                    }
                } else {
                    outcomes = try await take(staged, rules, trial, &unsettled)
                }
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

    /// Takes objects in, or foresees what would become of them.
    ///
    /// - Parameter unsettled: the thread whose messages are not in their order yet, because more
    ///   of them may follow.
    private func take(
        _ staged: [ImportStage.Staged], contents: [String?] = [], _ rules: ImportRules,
        _ trial: ImportTrial?, _ unsettled: inout Thread.ID?
    ) async throws(APIError) -> [ImportOutcome] {
        let before = unsettled
        if staged.isEmpty, before == nil { return [] }
        let (outcomes, after) =
            if let trial {
                try await trial.take(staged, contents: contents, rules, settling: before)
            } else {
                try await store.write { db in
                    var unsettled = before
                    let outcomes = try db.take(
                        staged, contents: contents, rules, settling: &unsettled)
                    return (outcomes, unsettled)
                }
            }
        unsettled = after
        return outcomes
    }

    /// A file's content is on disk before its row. The content of a file that is there is not
    /// replaced unasked, and not copied once more where it is the same.
    private func takeFile(
        _ staged: ImportStage.Staged, _ rules: ImportRules, _ folder: SavedFolder,
        _ trial: ImportTrial?
    ) async throws(APIError) -> ImportOutcome {
        var (taken, file, content) = (staged, try File(json: staged.object.json), String?.none)
        let (before, old) =
            if let trial {
                try await trial.file(staged, rules)
            } else {
                try await store.read { try $0.importedFile(staged, rules) }
            }
        if let path = folder.content(of: file), before.map(\.isTaken) ?? true {
            if FileFolder.size(of: path) > FileFolder.sizeLimit { return .refused(Self.tooLarge) }
            let isSame = if let old { await files.holds(path, as: old) } else { false }
            if before == .kept, !isSame { return .refused(Self.otherContent) }
            file.byteCount = FileFolder.size(of: path)
            taken.object.json = file.json
            if !isSame, trial == nil {
                let name = newID("content")
                let upload = FileUpload(
                    path: path, filename: file.filename, purpose: file.purpose)
                _ = try await files.take(upload, as: name)
                content = name
            }
        }
        var unsettled: Thread.ID?
        let outcome = try await take([taken], contents: [content], rules, trial, &unsettled)[0]
        if outcome == .replaced, content != nil, let old { files.remove(old) }
        return outcome
    }

    private static let tooLarge = "files of more than 512 MB are not taken"
    private static let otherContent =
        "files with these ids are there with other content: --overwrite replaces it"

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
