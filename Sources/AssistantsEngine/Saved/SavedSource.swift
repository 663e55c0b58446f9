import Assistants
import Wire

/// A file of saved objects, on its way into the stage.
struct SavedSource {
    var path: String
    /// The file's name without its ending.
    var name: String
    /// Counts the sources of an import.
    var number: Int
    var project: String

    /// How many objects are staged at once.
    private static let batchSize = 500

    /// What was seen of the times of a group's objects.
    private struct Times {
        var first: Int
        var last: Int
    }

    /// Stages every object of the file; what cannot be taken is noted.
    ///
    /// - Parameter folder: where what belongs to the objects is looked for.
    func read(
        into stage: ImportStage, _ folder: SavedFolder, _ tally: inout ImportTally
    ) async throws(APIError) {
        let reader = try FileReader(path: path)
        var splitter = JSONSplitter()
        var batch: [(place: Int, object: SavedObject)] = []
        var times: [ImportStage.Group: Times] = [:]
        var place = 0
        while let bytes = try await reader.next() {
            let pieces: [[UInt8]]
            do {
                pieces = try splitter.feed(bytes)
            } catch {
                tally.note("the file cannot be read: \(error.message)", example: path)
                break
            }
            for piece in pieces {
                for object in objects(in: piece, place: place, folder, &tally) {
                    place += 1
                    batch.append((place, object))
                    times[.init(object), default: Times(first: object.createdAt, last: 0)].last =
                        object.createdAt
                }
            }
            if batch.count >= Self.batchSize {
                try await stage.add(batch, source: number, project: project)
                batch = []
            }
        }
        do {
            try splitter.finish()
        } catch {
            tally.note("the file is not whole: \(error.message)", example: path)
        }
        try await stage.add(batch, source: number, project: project)
        let turned = times.filter { _, times in
            splitter.isList ? times.first >= times.last : times.first > times.last
        }
        try await stage.turn(Array(turned.keys), of: number)
    }

    private func objects(
        in bytes: [UInt8], place: Int, _ folder: SavedFolder, _ tally: inout ImportTally
    ) -> [SavedObject] {
        do {
            let json = try JSONValue(parsing: bytes)
            var left: [NotCarried] = []
            let objects = try SavedObject.reading(
                json, from: name, place: place, in: folder, &left)
            for one in left { tally.note(one.reason, example: one.example ?? name) }
            return objects
        } catch let error as NotCarried {
            tally.note(error.reason, example: error.example ?? name)
        } catch let error as APIError {
            tally.note(error.message, example: name)
        } catch {
            tally.note("an object is no JSON: \(error)", example: name)
        }
        return []
    }
}
