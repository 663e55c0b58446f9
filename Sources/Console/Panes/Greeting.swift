import Assistants
import Settings
import TextLayout

/// What a new thread shows before anything was said.
enum Greeting {
    /// The rows, wrapped to a width; where the height is not enough, what can be left out is.
    static func rows(_ state: ConsoleState, width: Int, height: Int) -> [StyledRow] {
        guard state.hasAssistants else {
            return [StyledRow("one moment\(state.glyphs.ellipsis)", .dim)]
        }
        guard let assistant = state.assistant else {
            return paragraph(
                "There is no assistant yet. \(state.label(.newAssistant)) makes one.", width,
                .chatBody)
        }
        if let model = state.model, !model.isBuiltIn {
            return invitation(assistant, model, state, width)
        }
        // Who greets is known once every assistant's model is.
        guard state.model != nil, state.assistants.allSatisfy({ state.resolved.contains($0.id) })
        else {
            return [StyledRow("one moment\(state.glyphs.ellipsis)", .dim)]
        }
        let rows = guide(assistant, state, width)
        return rows.count <= height ? rows : guide(assistant, state, width, isShort: true)
    }

    private static func invitation(
        _ assistant: Assistant, _ model: ModelInfo, _ state: ConsoleState, _ width: Int
    ) -> [StyledRow] {
        let name = (assistant.name ?? assistant.model).oneRow
        let place =
            model.isLocal
            ? "on this machine" : "at \(model.host.oneRow), so what you write goes there"
        return paragraph(
            "\(name) answers, with \(model.name.oneRow) by \(model.provider.oneRow) \(place).",
            width, .chatBody)
            + [StyledRow()]
            + paragraph(
                "Write below; \(state.label(.assistants)) chooses who answers, "
                    + "\(state.label(.help)) shows the keys.",
                width, .dim)
    }

    private static func guide(
        _ assistant: Assistant, _ state: ConsoleState, _ width: Int, isShort: Bool = false
    ) -> [StyledRow] {
        let glyphs = state.glyphs
        let name = (assistant.name ?? "Guide").oneRow
        var rows = [
            StyledRow([.init(name, .chatAssistant), .init(" \(glyphs.dot) now", .chatTime)])
        ]
        rows += paragraph(
            "Hello. I am the built-in guide: I answer from Switchboard's manual and show each step "
                + "I take. I am not a language model.",
            width, .chatBody)
        if !isShort { rows.append(StyledRow()) }
        rows.append(StyledRow("Connect one whenever you like:", .chatBody))
        for (number, way) in ways(state, isShort: isShort).enumerated() {
            let lines = way.wrapped(to: max(10, width - 5)).map(String.init)
            for (place, line) in lines.enumerated() {
                rows.append(
                    StyledRow(
                        [
                            .init(place == 0 ? "\(number + 1)  " : "   ", .accent),
                            .init(line, .chatBody),
                        ],
                        indent: 2))
            }
        }
        if !isShort { rows.append(StyledRow()) }
        rows += paragraph(
            "Or ask me something: \(glyphs.leftQuote)How do I switch assistants?"
                + glyphs.rightQuote,
            width, .chatBody)
        return rows
    }

    /// The ways to a model: what was found comes first.
    private static func ways(_ state: ConsoleState, isShort: Bool) -> [String] {
        let dash = state.glyphs.dash
        var ways: [String] = []
        let found = state.models.filter { !$0.isBuiltIn }
        if let model = found.first {
            let others = found.count > 1 ? " and \(found.count - 1) more" : ""
            let name = model.name.oneRow
            let key = state.label(.newAssistant)
            ways.append(
                isShort
                    ? "\(name) \(dash) found: \(key) uses it"
                    : "\(name) by \(model.provider.oneRow) at \(model.host.oneRow)\(others) "
                        + "\(dash) found: \(key) makes an assistant with it")
        } else {
            let missing = isShort ? "not found" : "not found (start it, I'll notice)"
            ways.append(
                "Ollama at localhost:11434 \(dash) \(state.hasModels ? missing : "looking")")
        }
        let variable = "export OPENAI_API_KEY=\(state.glyphs.ellipsis)"
        ways.append(
            isShort
                ? "\(variable) and start again" : "an API key \(dash) \(variable) and start again")
        let option = "switchboard --model-url URL"
        ways.append(isShort ? option : "any other server \(dash) \(option)")
        return ways
    }

    private static func paragraph(
        _ text: String, _ width: Int, _ role: ThemeRole
    ) -> [StyledRow] {
        text.wrapped(to: width).map { StyledRow(String($0), role) }
    }
}

extension ModelInfo {
    /// Whether it answers in this process, without a model server.
    var isBuiltIn: Bool { host.isEmpty }
}
