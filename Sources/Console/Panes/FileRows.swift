import Assistants
import Settings
import Terminal
import TextLayout
import Wire

// How files are shown: as chips over the input line, in the list that completes their names, and
// beneath the messages they went with.
extension ConsoleState {
    /// Draws the chips of the files that are attached; the last ones where there is no room.
    func drawChips(_ area: Area, into canvas: inout Canvas) {
        guard area.rows > 0 else { return }
        var pieces: [StyledRow.Piece] = []
        var room = columns - 4
        var hidden = conversation.attached.count
        for file in conversation.attached.reversed() {
            let chip = chip(file, width: columns - (conversation.attached.count > 1 ? 10 : 5))
            let width = chip.reduce(0) { $0 + columnCount($1.text) }
            if width > room - (hidden > 1 ? 5 : 0), !pieces.isEmpty { break }
            pieces = chip + (pieces.isEmpty ? [] : [.init("  ")]) + pieces
            room -= width + 2
            hidden -= 1
        }
        if hidden > 0 { pieces.insert(.init("+\(hidden)  ", .dim), at: 0) }
        canvas.draw(
            StyledRow(pieces, indent: 3), row: area.row, column: 0, columns: columns,
            palette: palette, glyphs: glyphs)
    }

    private func chip(_ file: AttachedFile, width: Int) -> [StyledRow.Piece] {
        let purpose = purpose(of: file)
        let size = file.facts.map { " " + $0.size.sizeText } ?? ""
        let rest = size + (purpose.text.isEmpty ? "" : " \(glyphs.dot) ")
        let room = width - columnCount(rest) - columnCount(purpose.text)
        let name = file.name.oneRow.fitted(to: max(6, room), glyphs: glyphs)
        return [
            .init("[", .dim), .init(name, .inputQueued), .init(rest, .dim),
            .init(purpose.text, purpose.isUseful ? .dim : .statusWarning), .init("]", .dim),
        ]
    }

    // MARK: - The list

    /// Draws the list of files over the panes, above the input line.
    func drawCompletion(_ layout: ScreenLayout, into canvas: inout Canvas) {
        guard popups.isEmpty, let list = completion, list.isShown else { return }
        let problem = list.listing?.problem
        let count = problem == nil ? list.matches.count : 1
        let height = min(count, 8, max(1, layout.inputRule - 2))
        let top = layout.inputRule - height
        canvas.drawRule(
            row: top - 1, column: 0, columns: columns,
            title: "Attach" + (list.folder.isEmpty ? "" : " \(glyphs.dot) " + list.folder.oneRow),
            right: problem == nil ? "\(list.selected + 1) of \(count.grouped)" : "",
            hasFocus: true, palette: palette, glyphs: glyphs)
        canvas.drawRule(
            row: layout.inputRule, column: 0, columns: columns, title: "", right: "",
            hasFocus: false, palette: palette, glyphs: glyphs)
        let first = min(max(0, list.selected - height / 2), max(0, count - height))
        for offset in 0..<height {
            let isSelected = problem == nil && first + offset == list.selected
            let row = problem.map { StyledRow($0, .statusWarning) } ?? row(list, first + offset)
            canvas.fill(
                row: top + offset, columns: 0..<columns,
                style: palette[isSelected ? .listSelected : .popup])
            canvas.draw(
                isSelected ? row.drawn(as: .listSelected) : row, row: top + offset, column: 3,
                columns: columns - 4, palette: palette, glyphs: glyphs)
        }
    }

    private func row(_ list: FileCompletion, _ place: Int) -> StyledRow {
        guard let listing = list.listing, list.matches.indices.contains(place) else {
            return StyledRow()
        }
        let entry = listing.entries[list.matches[place]]
        return StyledRow(
            entry.name.oneRow + (entry.isFolder ? "/" : ""), entry.isFolder ? .accent : .text)
    }
}

extension ChatContext {
    /// The most files of a message that are named.
    private static let rowLimit = 10

    /// The files that went with a message: name, size, and what they are for.
    func fileRows(of message: Message) -> [StyledRow] {
        guard message.role == .user else { return [] }
        var rows: [StyledRow] = []
        for attachment in message.attachments {
            guard let id = attachment["file_id"]?.stringValue else { continue }
            let tools = attachment["tools"]?.arrayValue?.map(Tool.init(json:)) ?? []
            rows.append(row(of: id, tools.purposeText))
        }
        for case .imageFile(let id, _) in message.content { rows.append(row(of: id, "picture")) }
        guard rows.count > Self.rowLimit else { return rows }
        let more = rows.count - Self.rowLimit
        return rows.prefix(Self.rowLimit) + [StyledRow("and \(more) files more", .dim)]
    }

    private func row(of id: File.ID, _ purpose: String?) -> StyledRow {
        let file = files[id]
        var rest = file.map { " " + $0.byteCount.sizeText } ?? ""
        if let purpose { rest += " \(glyphs.dot) " + purpose }
        return StyledRow([
            .init("+ ", .dim), .init((file?.filename ?? id).oneRow, .inputQueued),
            .init(rest, .dim),
        ])
    }

    /// The files of a message that is being sent.
    func fileRows(of files: [AttachedFile]) -> [StyledRow] {
        files.map { file in
            let size = file.facts.map { " " + $0.size.sizeText } ?? ""
            let state = file.fileID == nil ? "uploading\(glyphs.ellipsis)" : "uploaded"
            return StyledRow([
                .init("+ ", .dim), .init(file.name.oneRow, .inputQueued),
                .init("\(size) \(glyphs.dot) \(state)", .dim),
            ])
        }
    }
}
