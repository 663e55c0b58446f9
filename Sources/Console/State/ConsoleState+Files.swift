import Assistants
import Settings
import TextLayout

// The files of what is chosen: saving and opening them.
extension ConsoleState {
    /// The files that commands are about: those of the selected tool call, or of the chosen
    /// message.
    var chosenFiles: NamedFiles {
        if focus == .tools {
            let calls = shownCalls
            let place = conversation.tools.selected ?? calls.count - 1
            if calls.indices.contains(place) {
                let own = NamedFiles(pictures: calls[place].call.pictureIDs)
                if !own.isEmpty { return own }
            }
        }
        return chosenMessage.map(NamedFiles.init) ?? NamedFiles()
    }

    /// Saves or opens the file of what is chosen; of several, the one that is then picked.
    mutating func takeFile(_ command: Command) {
        let files = chosenFiles
        guard let first = files.entries.first else { return say("There is no file here.") }
        guard files.entries.count > 1 else { return take(file: first.id, command) }
        open(.files(FileList(files: files.entries, more: files.more, purpose: command)))
    }

    /// More is known of files than was when threads were laid out, shown or not.
    mutating func refreshFiles() {
        for id in conversations.keys { conversations[id]?.refreshFiles() }
    }

    /// Saves or opens a file.
    mutating func take(file id: File.ID, _ command: Command) {
        effects.append(command == .openFile ? .openFile(id) : .saveFile(id))
        say(
            command == .openFile ? "Opening the file\(glyphs.ellipsis)" : "Saving\(glyphs.ellipsis)"
        )
    }

    mutating func performInFiles(_ command: Command, _ list: FileList) {
        var list = list
        let last = list.files.count - 1
        switch command {
        case .listUp: list.selected = max(0, list.selected - 1)
        case .listDown: list.selected = min(last, list.selected + 1)
        case .listPageUp: list.selected = 0
        case .listPageDown: list.selected = last
        case .listClose:
            popups.removeLast()
            return
        case .listChoose, .saveFile, .openFile:
            let purpose = command == .listChoose ? list.purpose : command
            take(file: list.files[list.selected].id, purpose)
        default: break
        }
        popups[popups.count - 1] = .files(list)
    }

    func content(of list: FileList) -> PopupContent {
        let count = list.files.count.grouped
        let more = list.more > 0 ? " and \(list.more.grouped) more" : ""
        var content = PopupContent(title: "Files", right: count + more)
        content.rows = list.files.map { file in
            let info = shelf.info(of: file.id)
            let known = files[file.id]
            let name = info?.name ?? known?.filename ?? file.name ?? file.id
            let size = info?.byteCount ?? known?.byteCount
            return StyledRow(
                [.init(name.oneRow, .text)], right: [.init(size?.byteText ?? "", .dim)])
        }
        content.selected = list.selected
        return content
    }
}

/// The files of a message, to save or open one.
struct FileList: Hashable, Sendable {
    var files: [NamedFiles.Entry]
    /// How many there are beyond those.
    var more = 0
    /// What Enter does: `saveFile` or `openFile`.
    var purpose: Command
    var selected = 0
}
