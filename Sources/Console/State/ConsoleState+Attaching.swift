import Assistants
import Wire

// Files that go with a message: found by completion, shown as chips, uploaded on sending.
extension ConsoleState {
    /// Files that one message may have.
    static let attachmentLimit = 10

    // MARK: - Completion

    /// Begins the name of a file in the input line.
    mutating func beginAttaching() {
        focus = .input
        let draft = conversation.draft
        if draft.cursor > 0, draft.elements[draft.cursor - 1].source.last?.isWhitespace == false {
            conversation.draft.insert(" ")
        }
        conversation.draft.insert("@")
        draftChanged()
        completion = nil
    }

    /// Follows what is typed: opens the list behind an `@`, narrows it, closes it. Where the
    /// cursor only came by, as in a message that is recalled, it stays closed.
    mutating func updateCompletion() {
        defer { mayComplete = false }
        guard popups.isEmpty, focus == .input,
            let token = conversation.draft.fileToken(known: completion?.start)
        else { return completion = nil }
        guard var list = completion, list.start == token.start else {
            guard mayComplete else { return completion = nil }
            let list = FileCompletion(start: token.start, typed: token.text)
            completion = list.isOver ? nil : list
            if completion != nil { effects.append(.listFolder(list.folder)) }
            return
        }
        guard list.typed != token.text else { return }
        if list.type(token.text) { effects.append(.listFolder(list.folder)) }
        completion = list.isOver ? nil : list
    }

    /// A folder was read.
    mutating func take(_ listing: FolderListing, of folder: String) {
        guard completion?.folder == folder else { return }
        let command = completion?.awaited
        completion?.awaited = nil
        completion?.take(listing)
        if completion?.isOver == true { completion = nil }
        guard let command, popups.isEmpty, focus == .input else { return }
        perform(command)
        // It may have gone into a folder, which is to be read now.
        updateCompletion()
    }

    /// Carries out a command in the list of files; false when it means nothing there.
    mutating func performInCompletion(_ command: Command) -> Bool {
        guard popups.isEmpty, focus == .input, let list = completion else { return false }
        if list.isAwaited {
            // Typed quickly: what is in the folder decides what the key means.
            switch command {
            case .send, .nextPane: completion?.awaited = command
            case .stop: completion?.isDismissed = true
            default: return false
            }
            return true
        }
        guard list.isShown else { return false }
        switch command {
        case .up, .historyPrevious: completion?.move(by: -1)
        case .down, .historyNext: completion?.move(by: 1)
        case .send, .nextPane:
            guard let entry = list.entry else { return false }
            choose(entry, in: list)
        case .stop: completion?.isDismissed = true
        default: return false
        }
        return true
    }

    /// Takes an entry of the list: a folder is gone into, a file is attached.
    private mutating func choose(_ entry: FolderListing.Entry, in list: FileCompletion) {
        conversation.draft.delete(to: list.start)
        if entry.isFolder {
            for character in "@" + list.folder + entry.name + "/" {
                conversation.draft.insert(character)
            }
        } else {
            conversation.draft.insert(text: entry.name.oneRow + " ")
            attach((list.listing?.path ?? []) + entry.bytes)
            completion = nil
        }
        draftChanged()
    }

    // MARK: - Chips

    /// Attaches a file; what it is like is looked up.
    mutating func attach(_ path: [UInt8]) {
        let file = AttachedFile(path: path)
        guard !conversation.attached.contains(where: { $0.path == path }) else {
            return say("\(file.name) is attached already.")
        }
        guard conversation.attached.count < Self.attachmentLimit else {
            return say(
                "A message has at most \(Self.attachmentLimit) files.", warning: true)
        }
        conversation.attached.append(file)
        effects.append(.examine(path, for: current))
        rememberDraft()
    }

    /// Has the files looked at that were attached in a sitting before.
    mutating func examineRestored() {
        for file in conversation.attached where file.isRestored && file.facts == nil {
            effects.append(.examine(file.path, for: current))
        }
    }

    /// Attaches the files of a message that comes back into the input line, each once.
    mutating func takeBack(_ files: [AttachedFile]) {
        let paths = Set(files.map(\.path))
        conversation.attached.removeAll { paths.contains($0.path) }
        conversation.attached.insert(contentsOf: files, at: 0)
        if let problem = tooManyAttached { say(problem, warning: true) }
    }

    /// Removes the file that was attached last, first one that cannot be sent; false when there
    /// is none.
    mutating func detach() -> Bool {
        let attached = conversation.attached
        guard
            let place = attached.lastIndex(where: { $0.problem != nil }) ?? attached.indices.last
        else { return false }
        let file = conversation.attached.remove(at: place)
        rememberDraft()
        say("\(file.name) does not go with the message any more.")
        return true
    }

    /// A file was looked at: it is as it is, or cannot be attached.
    mutating func take(
        examined path: [UInt8], for id: Assistants.Thread.ID,
        _ found: Result<LocalFile.Facts, LocalFile.Problem>
    ) {
        guard let place = conversations[id]?.attached.firstIndex(where: { $0.path == path })
        else { return }
        switch found {
        case .success(let facts):
            conversations[id]?.attached[place].facts = facts
            conversations[id]?.attached[place].problem = nil
        case .failure(let problem):
            // One that is missing from a draft of before must not be missed.
            if conversations[id]?.attached[place].isRestored == true {
                conversations[id]?.attached[place].problem = problem.message
            } else {
                conversations[id]?.attached.remove(at: place)
                rememberDraft(of: id)
            }
            say(problem.message, warning: true, for: .seconds(10))
        }
    }

    /// Why the files that are attached cannot be sent, in a sentence.
    var attachmentProblem: String? {
        if let problem = conversation.attached.lazy.compactMap(\.problem).first {
            return problem + " \(label(.deleteLeft)) before the text removes it."
        }
        if let problem = tooManyAttached { return problem }
        guard let assistant, assistant.fileTools.isEmpty,
            let file = conversation.attached.first(where: { $0.facts?.isPicture != true })
        else { return nil }
        return assistant.refusal(of: file.name)
            + " \(label(.deleteLeft)) before the text removes it, \(label(.assistants)) chooses "
            + "who answers."
    }

    private var tooManyAttached: String? {
        guard conversation.attached.count > Self.attachmentLimit else { return nil }
        return "A message has at most \(Self.attachmentLimit) files: \(label(.deleteLeft)) before "
            + "the text removes the last one."
    }

    /// What a file that is attached is for, in words, and whether it is of use.
    func purpose(of file: AttachedFile) -> (text: String, isUseful: Bool) {
        if let problem = file.shortProblem { return (problem.oneRow, false) }
        if file.facts?.isPicture == true { return ("picture", true) }
        guard let assistant else { return ("", true) }
        return assistant.fileTools.purposeText.map { ($0, true) } ?? ("no tool for it", false)
    }

    // MARK: - Sending

    /// A file of a message was uploaded.
    mutating func take(
        uploaded file: File, _ facts: LocalFile.Facts, number: Int, place: Int
    ) {
        for id in conversations.keys {
            guard
                let message = conversations[id]?.pending.firstIndex(where: { $0.number == number })
            else { continue }
            conversations[id]?.pending[message].files[place].fileID = file.id
            conversations[id]?.pending[message].files[place].facts = facts
        }
        files[file.id] = file
    }

    // MARK: - What was sent

    /// Asks for the names and sizes of files that messages have.
    mutating func loadFiles(of messages: [Message]) {
        var wanted: [File.ID] = []
        for message in messages {
            for id in message.fileIDs where files[id] == nil && askedFiles.insert(id).inserted {
                wanted.append(id)
            }
        }
        if !wanted.isEmpty { effects.append(.loadFiles(wanted)) }
    }
}

extension Message {
    /// The files that a person sent with it, pictures too.
    var fileIDs: [File.ID] {
        guard role == .user else { return [] }
        return attachments.compactMap { $0["file_id"]?.stringValue }
            + content.compactMap { part in
                if case .imageFile(let id, _) = part { id } else { nil }
            }
    }
}
