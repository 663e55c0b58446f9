/// Something open over the panes; the innermost gets the keys.
enum Popup: Hashable, Sendable {
    case threads(ThreadsList)
    case assistants(AssistantSwitcher)
    case form(AssistantForm)
    case palette(CommandPalette)
    case help(HelpPane)
    case answer(AnswerPrompt)
    case consent(ConsentPrompt)
    case prompt(TextPrompt)
    case history(HistorySearch)
    case files(FileList)
    case passages(PassagesPane)

    /// Which keys mean something in it.
    var keyContext: KeyContext {
        switch self {
        case .threads(let list): list.isFiltering ? .input : .list
        case .assistants(let list): list.isFiltering ? .input : .list
        case .help, .files, .passages: .list
        case .consent: .question
        case .form, .palette, .answer, .prompt, .history: .input
        }
    }

    /// Whether it is a list that stays beside the panes where there is room.
    var isList: Bool {
        switch self {
        case .threads, .assistants: true
        case .form, .palette, .help, .answer, .consent, .prompt, .history, .files, .passages:
            false
        }
    }

    /// What the status line offers.
    var offers: [(command: Command, title: String)] {
        switch self {
        case .threads(let list) where !list.isFiltering:
            [
                (.listChoose, "open"), (.listNew, "new"), (.listRename, "rename"),
                (.listDelete, "delete"), (.listUndo, "undo"), (.listFilter, "filter"),
                (.stop, "close"),
            ]
        case .assistants(let list) where !list.isFiltering:
            [
                (.listChoose, "use"), (.listNew, "new"), (.listEdit, "edit"),
                (.listFilter, "filter"), (.stop, "close"),
            ]
        case .threads, .assistants, .palette, .history: [(.send, "choose"), (.stop, "close")]
        case .form:
            [(.nextPane, "next field"), (.send, "save"), (.newline, "new line"), (.stop, "close")]
        case .answer(let prompt): prompt.offers
        case .consent:
            [
                (.allowOnce, "once"), (.allowAlways, "always"), (.refuse, "no"),
                (.stop, "later"), (.refuseAlways, "never"), (.typeOutput, "type it"),
                (.pageDown, "more"),
            ]
        case .prompt: [(.send, "take"), (.stop, "close")]
        case .help, .passages: [(.listPageDown, "more"), (.stop, "close")]
        case .files(let list):
            [(.listChoose, list.purpose == .openFile ? "open" : "save"), (.stop, "close")]
        }
    }
}

/// The threads, newest first.
struct ThreadsList: Hashable, Sendable {
    var selected = 0
    var filter = Draft()
    var isFiltering = false
    var top = 0
}

/// The assistants, with what answers for each.
struct AssistantSwitcher: Hashable, Sendable {
    var selected = 0
    var filter = Draft()
    var isFiltering = false
    var top = 0
}

/// Finds commands by their names.
struct CommandPalette: Hashable, Sendable {
    var filter = Draft()
    var selected = 0
    var top = 0
}

/// Every key.
struct HelpPane: Hashable, Sendable {
    /// The place the person was in.
    var context: KeyContext
    var top = 0
}

/// Finds a message sent before.
struct HistorySearch: Hashable, Sendable {
    var filter = Draft()
    var selected = 0
    var top = 0
}

/// One line that is asked for.
struct TextPrompt: Hashable, Sendable {
    /// What becomes of it.
    enum Purpose: Hashable, Sendable {
        case rename(String)
        case instructions
    }

    var purpose: Purpose
    var title: String
    var draft: Draft

    static func instructions(_ text: String) -> TextPrompt {
        TextPrompt(
            purpose: .instructions, title: "Instructions for the next run", draft: Draft(text))
    }
}

/// What makes up an assistant, to be filled in.
struct AssistantForm: Hashable, Sendable {
    /// One field.
    enum Field: Int, Hashable, Sendable, CaseIterable {
        case name, model, instructions

        var title: String {
            switch self {
            case .name: "Name"
            case .model: "Model"
            case .instructions: "Instructions"
            }
        }
    }

    var id: String?
    var drafts: [Draft]
    var field = Field.name
    /// Models that can be chosen with the arrows.
    var models: [String]
    /// What is missing, in a sentence.
    var problem: String?

    /// A form for a new assistant.
    init(models: [String]) {
        self.models = models
        drafts = [Draft(), Draft(models.first ?? ""), Draft()]
    }
}
