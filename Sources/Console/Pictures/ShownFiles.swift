import Assistants
import Processes
import Settings
import TextLayout

/// Files and pictures as rows, wherever they are shown.
struct ShownFiles: Sendable {
    var shelf: FileShelf
    var glyphs: Glyphs
    /// How pictures are drawn; nil where they cannot be.
    var colors: PictureDrawer.Colors?
    /// The keys that save and open what is shown.
    var saveKey: String
    var openKey: String

    /// Columns of a name, which leaves room for the rest.
    private static let nameColumns = 32
    /// Files that are named beneath a message.
    private static let rowLimit = 20

    /// The rows of a picture in a place, with what names it below.
    func rows(ofPicture id: File.ID, columns: Int, rows: Int) -> [StyledRow] {
        let request = request(id, columns: columns, rows: rows)
        let picture = request.flatMap(shelf.picture)
        let rows = (picture?.cells?.styledRows ?? []) + [row(of: id, named: nil, picture)]
        return rows.map { row in
            var row = row
            (row.file, row.picture) = (id, request)
            return row
        }
    }

    /// What a picture in a place needs to be asked for; nil where pictures cannot be drawn.
    func request(_ id: File.ID, columns: Int, rows: Int) -> PictureRequest? {
        guard let colors, columns >= 4, rows >= 2 else { return nil }
        return PictureRequest(fileID: id, columns: columns, rows: rows, colors: colors)
    }

    /// The files of an answer that are no pictures among its parts.
    func rows(of message: Message, _ files: NamedFiles) -> [StyledRow] {
        // Those of a person's message are named beneath it without keys.
        if message.role == .user { return [] }
        let others = files.entries.filter { !$0.isPart }
        let more = others.count - Self.rowLimit + files.more
        let rows = others.prefix(Self.rowLimit).map { row(of: $0.id, named: $0.name) }
        return more > 0 ? rows + [StyledRow("and \(more.grouped) more", .dim)] : rows
    }

    /// A file in one row: its name, its size, and the keys that save and open it.
    ///
    /// - Parameter name: what the file is called where nothing better is known.
    func row(of id: File.ID, named name: String?, _ picture: Picture? = nil) -> StyledRow {
        let info = shelf.info(of: id)
        let dot = " \(glyphs.dot) "
        var details: [String] = []
        if let size = picture?.size ?? shelf.size(of: id) {
            details.append("\(size.width)\(glyphs.times)\(size.height)")
        }
        if let info { details.append(info.byteCount.byteText) }
        if let problem = picture?.problem { details.append(problem) }
        details += ["\(saveKey) saves", "\(openKey) opens"]
        let shown = (info?.name ?? name ?? id).oneRow.fitted(to: Self.nameColumns, glyphs: glyphs)
        var row = StyledRow([
            .init("\(glyphs.file) ", .dim), .init(shown, .markdownLink),
            .init(dot + details.joined(separator: dot), .dim),
        ])
        row.file = id
        return row
    }
}

extension ToolCall {
    /// The pictures that its code drew.
    var pictureIDs: [File.ID] {
        guard case .codeInterpreter(_, let outputs) = kind else { return [] }
        return outputs.compactMap { if case .image(let id) = $0 { id } else { nil } }
    }

    /// The picture that an output is; nil for any other.
    func pictureID(of output: Int) -> File.ID? {
        guard case .codeInterpreter(_, let outputs) = kind, outputs.indices.contains(output),
            case .image(let id) = outputs[output]
        else { return nil }
        return id
    }
}

extension ConsoleState {
    /// How files and pictures are shown in a pane.
    func shownFiles(in pane: Focus) -> ShownFiles {
        let isHere = pane == .tools && focus == .tools
        func key(_ command: Command) -> String {
            let own = options.keymap.labels(of: command, onlyIn: .pane).first
            return (isHere ? own : nil) ?? label(command)
        }
        let colors: PictureDrawer.Colors? =
            switch depth {
            case .none: nil
            case .sixteen: .sixteen
            case .indexed, .trueColor: .full
            }
        return ShownFiles(
            shelf: shelf, glyphs: glyphs, colors: glyphs.isASCII ? nil : colors,
            saveKey: key(.saveFile), openKey: key(.openFile))
    }
}
