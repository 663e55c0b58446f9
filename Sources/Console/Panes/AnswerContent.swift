import Settings
import TextLayout

// What the prompt for the outputs of calls shows: above what was called, below what is typed.
extension ConsoleState {
    /// What the prompt shows in a width.
    func content(of prompt: AnswerPrompt, columns: Int) -> PopupContent {
        let call = prompt.call
        let count = prompt.calls.count
        var content = PopupContent(
            title: "Answer a tool call", right: count > 1 ? "\(prompt.place + 1) of \(count)" : "",
            top: prompt.top)
        if count > 1 { content.rows.append(names(prompt)) }
        content.rows.append(StyledRow(call.name.oneRow, .toolName))
        content.rows += wrapped(call.explanation, columns - 2, .dim, indent: 2, limit: 3)
        content.rows += rows(of: call.arguments, columns: columns)
        switch call.output {
        case .typed(let typed): content.foot = foot(of: typed)
        case .form(let form): content.foot = foot(of: form, columns: columns)
        }
        return content
    }

    /// All calls in one row: which have their output, and which one is answered.
    private func names(_ prompt: AnswerPrompt) -> StyledRow {
        var pieces: [StyledRow.Piece] = []
        for (place, call) in prompt.calls.enumerated() {
            let isHere = place == prompt.place
            let sign = call.output.isGiven ? glyphs.completed : glyphs.waiting
            let name = call.name.oneRow.fitted(to: 24, glyphs: glyphs)
            pieces += [
                .init(sign + " ", call.output.isGiven ? .stateCompleted : .stateWaiting),
                .init(isHere ? "[\(name)]" : name, isHere ? .accent : .dim), .init("  "),
            ]
        }
        return StyledRow(pieces)
    }

    // MARK: - What was called

    private func rows(of arguments: CallArguments, columns: Int) -> [StyledRow] {
        if let text = arguments.unreadable {
            return [
                StyledRow("The arguments are no JSON; they came like this:", .statusWarning)
            ] + wrapped(text, columns - 2, .text, indent: 2, mode: .code)
        }
        var rows: [StyledRow] = []
        for argument in arguments.arguments {
            rows += head(of: argument, columns: columns)
            if let value = argument.value {
                rows += wrapped(value, columns - 4, .text, indent: 4, mode: .code)
            }
        }
        if arguments.isEmpty { rows.append(StyledRow("called without arguments", .dim, indent: 2)) }
        if !arguments.omitted.isEmpty {
            let names = arguments.omitted.joined(separator: ", ")
            rows += wrapped("not given: " + names, columns - 2, .dim, indent: 2, limit: 3)
        }
        return rows
    }

    /// An argument's name, what is odd about it, and what it means.
    private func head(of argument: CallArguments.Argument, columns: Int) -> [StyledRow] {
        let name = argument.name.oneRow.fitted(to: max(8, columns / 2), glyphs: glyphs)
        var pieces = [StyledRow.Piece(name, .toolName)]
        if argument.value == nil {
            pieces.append(.init("  required, and missing", .statusWarning))
        } else if argument.isUnknown {
            pieces.append(.init("  the function has no such parameter", .statusWarning))
        }
        guard !argument.explanation.isEmpty else { return [StyledRow(pieces, indent: 2)] }
        let used = pieces.reduce(4) { $0 + columnCount($1.text) }
        let room = columns - used
        let text = argument.explanation.canonicalised
        if room >= 20, columnCount(text) <= room, !text.contains("\n") {
            pieces.append(.init("  " + text, .dim))
            return [StyledRow(pieces, indent: 2)]
        }
        return [StyledRow(pieces, indent: 2)]
            + wrapped(argument.explanation, columns - 4, .dim, indent: 4, limit: 4)
    }

    private func wrapped(
        _ text: String, _ width: Int, _ role: ThemeRole, indent: Int, limit: Int = .max,
        mode: TextMode = .prose
    ) -> [StyledRow] {
        if text.isEmpty { return [] }
        return text.canonicalised(as: mode).wrapped(to: max(10, width)).prefix(limit)
            .map { StyledRow(String($0), role, indent: indent) }
    }

    // MARK: - What it gave back

    private func foot(of typed: TypedOutput) -> PopupContent.Foot {
        let kind =
            typed.isEmptyOnPurpose ? "empty" : typed.looksLikeJSON ? "JSON" : "text"
        var foot = PopupContent.Foot(
            head: StyledRow("What did it give back?", .text).with(right: [.init(kind, .accent)]))
        let rows = DraftRows(typed.draft, width: answerWidth, glyphs: glyphs)
        for (place, row) in rows.rows.enumerated() {
            foot.rows.append(
                StyledRow([
                    .init(place == 0 ? glyphs.prompt + " " : "  ", .inputPrompt),
                    .init(row.text, .input),
                ]))
        }
        foot.cursor = (rows.cursor.row, 2 + rows.cursor.column)
        if let problem = typed.problem {
            let advice = "Enter again sends it as text."
            let rows = wrapped("\(problem) \(advice)", columns - 6, .statusWarning, indent: 2)
            foot.rows.insert(contentsOf: rows, at: foot.cursor.row + 1)
        }
        return foot
    }

    private func foot(of form: OutputForm, columns: Int) -> PopupContent.Foot {
        var foot = PopupContent.Foot(
            head: StyledRow("What did it give back?", .text)
                .with(right: [
                    .init("field \(form.place + 1) of \(form.fields.count)", .dim)
                ]))
        foot.rows += wrapped(form.explanation, columns - 2, .dim, indent: 2, limit: 2)
        let widest = form.fields.map { columnCount($0.property.name.oneRow) }.max() ?? 0
        let lead = min(max(8, widest + 3), max(8, columns / 3))
        for (place, field) in form.fields.enumerated() {
            add(field, isActive: place == form.place, lead: lead, columns: columns, to: &foot)
        }
        return foot
    }

    private func add(
        _ field: OutputForm.Field, isActive: Bool, lead: Int, columns: Int,
        to foot: inout PopupContent.Foot
    ) {
        let mark = field.property.isRequired ? "*" : " "
        let name = field.property.name.oneRow.fitted(to: lead - 2, glyphs: glyphs)
        let label = (mark + name).padded(to: lead)
        let blank = String(repeating: " ", count: lead)
        let role = isActive ? ThemeRole.accent : .dim
        if field.choices.isEmpty {
            let rows = DraftRows(field.draft, width: max(8, columns - lead - 2), glyphs: glyphs)
            for (place, row) in rows.rows.enumerated() {
                if isActive, place == rows.cursor.row {
                    foot.cursor = (foot.rows.count, lead + rows.cursor.column)
                }
                foot.rows.append(
                    StyledRow([
                        .init(place == 0 ? label : blank, role), .init(row.text, .input),
                    ]))
            }
        } else {
            if isActive { foot.cursor = (foot.rows.count, lead) }
            foot.rows.append(
                StyledRow([.init(label, role)] + choices(of: field, isActive: isActive)))
        }
        if let problem = field.problem {
            foot.rows.append(StyledRow(problem, .statusWarning, indent: lead))
        } else if isActive {
            foot.rows.append(StyledRow(hint(for: field), .dim, indent: lead))
        }
    }

    /// Each choice, the one that is taken in brackets.
    private func choices(of field: OutputForm.Field, isActive: Bool) -> [StyledRow.Piece] {
        field.choices.enumerated().flatMap { place, choice -> [StyledRow.Piece] in
            let text = choice.oneRow.fitted(to: 24, glyphs: glyphs)
            let isTaken = place == field.choice
            return [
                .init(isTaken ? "[\(text)]" : " \(text) ", isTaken ? .input : .dim), .init(" "),
            ]
        }
    }

    /// What a field takes, and what it means.
    private func hint(for field: OutputForm.Field) -> String {
        let kind =
            switch (field.choices.isEmpty, field.property.kind) {
            case (false, _): "arrows choose"
            case (true, .integer): "a whole number"
            case (true, .number): "a number"
            case (true, _): "text"
            }
        let needed = field.property.isRequired ? ", required" : ""
        let text = field.property.explanation.oneRow
        return kind + needed + (text.isEmpty ? "" : " \(glyphs.dot) " + text)
    }
}
