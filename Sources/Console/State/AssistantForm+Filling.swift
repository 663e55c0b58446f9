import Assistants

extension AssistantForm {
    /// A form that edits an assistant.
    init(_ assistant: Assistant, models: [String]) {
        self.init(models: models)
        id = assistant.id
        drafts = [
            Draft(assistant.name ?? ""), Draft(assistant.model),
            Draft(assistant.instructions ?? ""),
        ]
    }

    /// The text of the field that is filled in.
    var draft: Draft {
        get { drafts[field.rawValue] }
        set { drafts[field.rawValue] = newValue }
    }

    /// Goes to another field, around the ends.
    mutating func move(by difference: Int) {
        let count = Field.allCases.count
        field = Field(rawValue: (field.rawValue + difference + count) % count) ?? .name
    }

    /// Puts the next or previous model that is known into its field.
    mutating func chooseModel(by difference: Int) {
        guard !models.isEmpty else { return }
        let current = models.firstIndex(of: drafts[Field.model.rawValue].text)
        let place = current.map { ($0 + difference + models.count) % models.count } ?? 0
        drafts[Field.model.rawValue].replace(with: models[place])
    }

    /// What was filled in; nil, with the reason in `problem`, when something is missing.
    mutating func take() -> AssistantDraft? {
        let texts = drafts.map { $0.text.trimmed }
        if texts[1].isEmpty {
            problem = "A model is needed: its name as its server knows it."
            field = .model
            return nil
        }
        if texts[0].isEmpty {
            problem = "A name is needed, so that you find the assistant again."
            field = .name
            return nil
        }
        problem = nil
        return AssistantDraft(id: id, name: texts[0], model: texts[1], instructions: texts[2])
    }
}

extension String {
    /// The text without blanks and line ends around it.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
