import Terminal

/// Which part of the screen is where.
struct ScreenLayout: Hashable, Sendable {
    /// How the three panes share the space.
    enum Arrangement: Hashable, Sendable {
        /// Tool calls and run steps side by side under the chat.
        case band
        /// Tool calls over run steps at the right of the chat.
        case side
        /// One pane at a time, the others as tabs.
        case tabs
        /// One pane has all of it.
        case zoomed
    }

    /// Smaller than this, one sentence is shown.
    static let minimum = (rows: 5, columns: 20)
    /// Screens with fewer columns have lists over the panes.
    static let panelMinimum = 116

    var arrangement: Arrangement
    /// The rows between the title and the rule over the input, without the list at the left.
    var main: Area
    /// A list at the left of the panes, on screens that have room for it.
    var panel: Area?
    /// The panes with their rule as first row; nil for one that is not seen.
    var chat: Area?
    var tools: Area?
    var steps: Area?
    /// The rule over the queue and the input.
    var inputRule: Int
    var queue: Area
    /// The files that are attached, above the input.
    var chips: Area
    var input: Area
    var status: Int

    /// Divides a screen.
    init(
        rows: Int, columns: Int, focus: ConsoleState.Focus, layout: Memory.Layout, isZoomed: Bool,
        queueRows: Int, inputRows: Int, hasChips: Bool = false, hasPanel: Bool = false
    ) {
        status = rows - 1
        let spare = max(0, rows - 5)
        let inputHeight = min(max(1, inputRows), 1 + max(0, min(5, spare / 2)))
        let queueHeight = min(queueRows, max(0, min(3, (spare - inputHeight) / 3)))
        input = Area(row: status - inputHeight, column: 0, rows: inputHeight, columns: columns)
        let chipHeight = hasChips && spare > 1 ? 1 : 0
        chips = Area(row: input.row - chipHeight, column: 0, rows: chipHeight, columns: columns)
        queue = Area(row: chips.row - queueHeight, column: 0, rows: queueHeight, columns: columns)
        inputRule = queue.row - 1
        let left = hasPanel && columns >= Self.panelMinimum ? max(40, columns * 3 / 8) : 0
        let height = max(0, inputRule - 1)
        main = Area(row: 1, column: left, rows: height, columns: columns - left)
        if left > 0 { panel = Area(row: 1, column: 0, rows: height, columns: left - 1) }
        arrangement = Self.arrangement(
            rows: rows, columns: columns - left, focus: focus, layout: layout,
            isZoomed: isZoomed)
        place(focus: focus, layout: layout)
    }

    private static func arrangement(
        rows: Int, columns: Int, focus: ConsoleState.Focus, layout: Memory.Layout, isZoomed: Bool
    ) -> Arrangement {
        if isZoomed { return .zoomed }
        if rows < 18 || columns < 70 { return .tabs }
        if layout.isBandHidden, focus == .input || focus == .chat { return .zoomed }
        return layout.isSide && columns >= 100 ? .side : .band
    }

    private mutating func place(focus: ConsoleState.Focus, layout: Memory.Layout) {
        switch arrangement {
        case .tabs, .zoomed:
            switch focus {
            case .tools: tools = main
            case .steps: steps = main
            case .input, .chat: chat = main
            }
        case .band:
            let wanted = (main.rows + 4) / 4 + layout.bandGrowth
            let height = min(max(3, wanted), max(3, main.rows - 5))
            chat = Area(
                row: main.row, column: main.column, rows: main.rows - height,
                columns: main.columns)
            let row = main.endRow - height
            let left = (main.columns - 1) * 58 / 120 + (main.columns < 100 ? 1 : 0)
            tools = Area(row: row, column: main.column, rows: height, columns: left)
            steps = Area(
                row: row, column: main.column + left + 1, rows: height,
                columns: main.columns - left - 1)
        case .side:
            let left = main.columns * 3 / 5 - 1
            let right = main.columns - left - 1
            let top = max(3, main.rows * 3 / 5 + layout.bandGrowth)
            let upper = min(top, max(3, main.rows - 4))
            let column = main.column + left + 1
            chat = Area(row: main.row, column: main.column, rows: main.rows, columns: left)
            tools = Area(row: main.row, column: column, rows: upper, columns: right)
            steps = Area(
                row: main.row + upper, column: column, rows: main.rows - upper, columns: right)
        }
    }

    /// The pane at a cell.
    func pane(row: Int, column: Int) -> ConsoleState.Focus? {
        if chat?.contains(row: row, column: column) == true { return .chat }
        if tools?.contains(row: row, column: column) == true { return .tools }
        if steps?.contains(row: row, column: column) == true { return .steps }
        if input.contains(row: row, column: column) { return .input }
        return nil
    }
}

extension ConsoleState {
    /// Which part of the screen is where now.
    var screenLayout: ScreenLayout {
        ScreenLayout(
            rows: rows, columns: columns, focus: focus, layout: layout, isZoomed: isZoomed,
            queueRows: conversation.queue.count, inputRows: inputRows.rows.count,
            hasChips: !conversation.attached.isEmpty,
            hasPanel: popups.contains(where: \.isList))
    }

    /// Carries out a command about panes.
    mutating func arrange(_ command: Command) {
        switch command {
        case .nextPane: moveFocus(by: 1)
        case .previousPane: moveFocus(by: -1)
        case .chatPane: focus = .chat
        case .toolsPane: focus = .tools
        case .stepsPane: focus = .steps
        case .leavePane: closeInnermost()
        case .zoom:
            if focus == .input { focus = .chat }
            isZoomed.toggle()
        case .hideBand: change { $0.isBandHidden.toggle() }
        case .changeLayout:
            change { $0.isSide.toggle() }
            if layout.isSide, columns < 100 {
                say("The panes lie side by side from 100 columns on.")
            }
        case .growBand: change { $0.bandGrowth = min(40, $0.bandGrowth + 1) }
        case .shrinkBand: change { $0.bandGrowth = max(-8, $0.bandGrowth - 1) }
        default: break
        }
    }

    private mutating func moveFocus(by difference: Int) {
        let all = Focus.allCases
        guard let place = all.firstIndex(of: focus) else { return }
        focus = all[(place + difference + all.count) % all.count]
    }

    private mutating func change(_ make: (inout Memory.Layout) -> Void) {
        make(&layout)
        let new = layout
        remember { $0.layout = new }
    }
}
