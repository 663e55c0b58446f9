import Assistants
import Processes

/// A picture to be drawn in so many cells.
struct PictureRequest: Hashable, Sendable {
    var fileID: File.ID
    var columns: Int
    var rows: Int
    var colors: PictureDrawer.Colors
}

/// What a picture came to.
struct Picture: Hashable, Sendable {
    /// Nil where it cannot be drawn.
    var cells: PictureCells?
    var size: PixelSize?
    /// Why it cannot be drawn, in a few words.
    var problem: String?
    /// Whether that may be over soon, as where the server could not be reached.
    var isTransient = false
}

/// What is known of a file.
struct FileInfo: Hashable, Sendable {
    var name: String
    var byteCount: Int
}

/// The files and pictures that are shown: what is known of them, and what is to be asked.
///
/// Whatever is drawn says what it wants; what is not there yet is asked for after the frame.
struct FileShelf: Sendable {
    /// Pictures that are kept; those of the last frame always are.
    private static let limit = 24
    /// Pictures that are drawn at a time.
    private static let pendingLimit = 2
    /// How long it is waited before what failed for now is asked for again.
    private static let retryPause = Duration.seconds(10)

    private var infos: [File.ID: FileInfo] = [:]
    private var pictures: [PictureRequest: Picture] = [:]
    private var asked: Set<File.ID> = []
    private var pending: Set<PictureRequest> = []
    /// When what failed for now is to be asked for again.
    private var fileRetries: [File.ID: Duration] = [:]
    private var pictureRetries: [PictureRequest: Duration] = [:]
    private var wantedFiles: [File.ID] = []
    private var wantedPictures: [PictureRequest] = []

    /// What is known of a file; nil while nothing is.
    func info(of id: File.ID) -> FileInfo? { infos[id] }

    /// The picture for a request, or the nearest that fits while that one is drawn.
    func picture(for request: PictureRequest) -> Picture? {
        if let picture = pictures[request] { return picture }
        return pictures.filter {
            $0.key.fileID == request.fileID && $0.key.colors == request.colors
                && $0.key.columns <= request.columns && $0.key.rows <= request.rows
        }.max { ($0.key.columns, $0.key.rows) < ($1.key.columns, $1.key.rows) }?.value
    }

    /// How large a picture is in points, where that is known.
    func size(of id: File.ID) -> PixelSize? {
        pictures.lazy.filter { $0.key.fileID == id }.compactMap(\.value.size).first
    }

    /// A frame begins.
    mutating func beginFrame() {
        wantedFiles = []
        wantedPictures = []
    }

    /// The frame shows a row.
    mutating func want(_ row: StyledRow) {
        if let file = row.file, wantedFiles.last != file { wantedFiles.append(file) }
        if let picture = row.picture, wantedPictures.last != picture {
            wantedPictures.append(picture)
        }
    }

    /// What is to be asked for after the frame.
    mutating func takeWanted(at now: Duration) -> [Effect] {
        var effects: [Effect] = []
        for id in wantedFiles where infos[id] == nil {
            if let time = fileRetries[id], time <= now {
                fileRetries[id] = nil
                asked.remove(id)
            }
            if asked.insert(id).inserted { effects.append(.lookUp(id)) }
        }
        for request in wantedPictures {
            let isDue = pictureRetries[request].map { $0 <= now } ?? false
            guard pictures[request] == nil || isDue else { continue }
            guard pending.count < Self.pendingLimit else { break }
            if pending.insert(request).inserted { effects.append(.drawPicture(request)) }
        }
        return effects
    }

    /// When something that the last frame showed is to be asked for once more.
    var retryTime: Duration? {
        let files = wantedFiles.compactMap { fileRetries[$0] }
        // Those that have to wait for others are asked for when these are there.
        guard pending.count < Self.pendingLimit else { return files.min() }
        let pictures = wantedPictures.compactMap { pending.contains($0) ? nil : pictureRetries[$0] }
        return (files + pictures).min()
    }

    /// A file was looked up; nil where it is not there.
    mutating func take(_ info: FileInfo?, of id: File.ID) { infos[id] = info }

    /// A file could not be looked up for now.
    mutating func takeFailure(of id: File.ID, at now: Duration) {
        fileRetries[id] = now + Self.retryPause
    }

    /// A picture was drawn, or not.
    mutating func take(_ picture: Picture, for request: PictureRequest, at now: Duration) {
        pending.remove(request)
        pictures[request] = picture
        pictureRetries[request] = picture.isTransient ? now + Self.retryPause : nil
        if pictures.count > Self.limit {
            let wanted = Set(wantedPictures + [request])
            pictures = pictures.filter { wanted.contains($0.key) }
            pictureRetries = pictureRetries.filter { wanted.contains($0.key) }
        }
    }
}
