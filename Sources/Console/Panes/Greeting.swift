import Assistants
import Settings
import TextLayout

/// What a new thread shows before anything was said.
enum Greeting {
    /// The rows, wrapped to a width.
    static func rows(_ state: ConsoleState, width: Int) -> [StyledRow] {
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
        guard state.model != nil else {
            return [StyledRow("one moment\(state.glyphs.ellipsis)", .dim)]
        }
        return guide(assistant, state, width)
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
        _ assistant: Assistant, _ state: ConsoleState, _ width: Int
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
        rows.append(StyledRow())
        rows.append(StyledRow("Connect one whenever you like:", .chatBody))
        for (number, way) in ways(state).enumerated() {
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
        rows.append(StyledRow())
        rows += paragraph(
            "Or ask me something: \(glyphs.leftQuote)How do I switch assistants?"
                + glyphs.rightQuote,
            width, .chatBody)
        return rows
    }

    /// The ways to a model: what was found comes first.
    private static func ways(_ state: ConsoleState) -> [String] {
        let dash = state.glyphs.dash
        var ways: [String] = []
        let found = state.models.filter { !$0.isBuiltIn }
        if let model = found.first {
            let others = found.count > 1 ? " and \(found.count - 1) more" : ""
            ways.append(
                "\(model.name.oneRow) by \(model.provider.oneRow) at \(model.host.oneRow)\(others) "
                    + "\(dash) found: \(state.label(.newAssistant)) makes an assistant with it"
            )
        } else {
            let state = state.hasModels ? "not found (start it, I'll notice)" : "looking"
            ways.append("Ollama at localhost:11434 \(dash) \(state)")
        }
        ways.append(
            "an API key \(dash) export OPENAI_API_KEY=\(state.glyphs.ellipsis) and start again")
        ways.append("any other server \(dash) switchboard --model-url URL")
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
