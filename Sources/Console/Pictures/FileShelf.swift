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

    private var infos: [File.ID: FileInfo] = [:]
    private var pictures: [PictureRequest: Picture] = [:]
    private var asked: Set<File.ID> = []
    private var pending: Set<PictureRequest> = []
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

    /// The frame shows a file.
    mutating func want(file id: File.ID) { wantedFiles.append(id) }

    /// The frame shows a picture.
    mutating func want(_ request: PictureRequest) {
        wantedFiles.append(request.fileID)
        wantedPictures.append(request)
    }

    /// What is to be asked for after the frame.
    mutating func takeWanted() -> [Effect] {
        var effects: [Effect] = []
        for id in wantedFiles where infos[id] == nil && asked.insert(id).inserted {
            effects.append(.lookUp(id))
        }
        for request in wantedPictures where pictures[request] == nil {
            guard pending.count < Self.pendingLimit else { break }
            if pending.insert(request).inserted { effects.append(.drawPicture(request)) }
        }
        return effects
    }

    /// A file was looked up; nil where it is not there.
    mutating func take(_ info: FileInfo?, of id: File.ID) { infos[id] = info }

    /// A picture was drawn, or not.
    mutating func take(_ picture: Picture, for request: PictureRequest) {
        pending.remove(request)
        pictures[request] = picture
        if pictures.count > Self.limit {
            let wanted = Set(wantedPictures + [request])
            pictures = pictures.filter { wanted.contains($0.key) }
        }
    }
}
