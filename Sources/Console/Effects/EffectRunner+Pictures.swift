import Assistants
import Processes

// Effects that are about files.
extension EffectRunner {
    func performFile(_ effect: Effect) async throws(APIError) {
        switch effect {
        case .lookUp(let id): await lookUp(id)
        case .drawPicture(let request): post(.picture(request, await draw(request)))
        case .saveFile(let id):
            let content = try await content(of: id)
            let path = try await SavedFile.save(content)
            post(.fileDone("Saved \(path)"))
        case .openFile(let id): try await open(id)
        default: break
        }
    }

    private func lookUp(_ id: File.ID) async {
        guard let service = service as? any FileService else { return }
        do throws(APIError) {
            let file = try await service.file(id, for: .trusted)
            post(.file(id, FileInfo(name: file.filename, byteCount: file.byteCount)))
        } catch {
            // Its id is shown. It may be gone, or the server not be there for now.
            post(error.isTransient ? .fileNotReached(id) : .file(id, nil))
        }
    }

    private func content(of id: File.ID) async throws(APIError) -> FileContent {
        guard let service = service as? any FileService else {
            throw APIError(status: 404, message: "This server has no files.")
        }
        return try await service.fileContent(id, for: .trusted)
    }

    // MARK: - Pictures

    /// Draws a picture; what it cannot be drawn for is in it.
    private func draw(_ request: PictureRequest) async -> Picture {
        var picture = Picture()
        do throws(APIError) {
            guard let bytes = try await bytes(of: request.fileID) else {
                picture.problem = "too large to show"
                return picture
            }
            picture.size = PixelSize(of: bytes)
            try await draw(bytes, request, into: &picture)
        } catch {
            picture.problem = "cannot be read"
            picture.isTransient = error.isTransient
        }
        return picture
    }

    private func draw(
        _ bytes: [UInt8], _ request: PictureRequest, into picture: inout Picture
    ) async throws(APIError) {
        do throws(SandboxProblem) {
            let drawing = try await PictureDrawer().drawing(
                of: bytes, columns: request.columns, rows: request.rows, colors: request.colors)
            guard let drawing else { return picture.problem = "cannot be drawn" }
            picture.cells = PictureCells(
                drawing: drawing, columns: request.columns, rows: request.rows)
        } catch .missing(_, let packages) {
            picture.problem = "needs \(packages.joined(separator: ", ")) to be shown"
        } catch {
            picture.problem = "needs a sandbox to be shown"
        }
    }

    /// All of a file; nil where it is too large to be drawn.
    private func bytes(of id: File.ID) async throws(APIError) -> [UInt8]? {
        let content = try await content(of: id)
        if content.file.byteCount > PictureDrawer.pictureLimit { return nil }
        var bytes: [UInt8] = []
        do {
            for try await piece in content {
                bytes += piece
                if bytes.count > PictureDrawer.pictureLimit { return nil }
            }
        } catch {
            throw .reading(error)
        }
        return bytes
    }

    // MARK: - Opening

    /// Opens a copy of a file, which has a harmless name in a folder of its own.
    private func open(_ id: File.ID) async throws(APIError) {
        let content = try await content(of: id)
        let path = try await SavedFile.copyToOpen(content)
        guard let opener = SavedFile.opener(opener) else {
            return post(.fileDone("There is no xdg-open here. The file is at \(path)"))
        }
        do throws(ProcessError) {
            // It goes on for as long as somebody looks at the file, and longer than we do.
            try Launch(opener + [path], environment: Launch.environmentWithoutKeys).startDetached()
        } catch {
            return post(.fileDone("\(opener[0]) could not be run. The file is at \(path)"))
        }
        post(.fileDone("Opening \(content.file.filename.oneRow) with \(opener[0])"))
    }
}

extension APIError {
    /// Whether the same may succeed a little later.
    fileprivate var isTransient: Bool { status >= 500 || status == 408 || status == 429 }

    /// A file could not be read to its end.
    static func reading(_ error: any Error) -> APIError {
        (error as? APIError) ?? APIError(status: 500, message: "The file could not be read.")
    }
}
