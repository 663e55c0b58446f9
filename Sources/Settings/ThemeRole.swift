/// What a piece of the screen means; a theme gives each role its style.
///
/// The raw value is the name in theme files. `docs/themes.md` says where each role is seen.
package enum ThemeRole: String, CaseIterable, Hashable, Sendable {
    case text
    case dim
    case accent
    case title
    case titleDim = "title.dim"
    case rule
    case ruleFocus = "rule.focus"
    case paneTitle = "pane.title"
    case paneTitleFocus = "pane.title.focus"

    case chatUser = "chat.user"
    case chatAssistant = "chat.assistant"
    case chatTime = "chat.time"
    case chatBody = "chat.body"
    case chatError = "chat.error"
    case chatNotice = "chat.notice"
    case selection
    case cursorLine = "cursor.line"

    case input
    case inputPrompt = "input.prompt"
    case inputQueued = "input.queued"
    case status
    case statusKey = "status.key"
    case statusWarning = "status.warning"

    case stateRunning = "state.running"
    case stateCompleted = "state.completed"
    case stateFailed = "state.failed"
    case stateCancelled = "state.cancelled"
    case stateWaiting = "state.waiting"
    case stateQueued = "state.queued"
    case stepBar = "step.bar"

    case toolName = "tool.name"
    case toolArgument = "tool.argument"
    case toolOutput = "tool.output"
    case listSelected = "list.selected"
    case listUnread = "list.unread"
    case popup
    case popupRule = "popup.rule"
    case popupTitle = "popup.title"

    case markdownHeading = "md.heading"
    case markdownEmphasis = "md.emphasis"
    case markdownStrong = "md.strong"
    case markdownStrike = "md.strike"
    case markdownCode = "md.code"
    case markdownCodeBlock = "md.codeblock"
    case markdownCodeKeyword = "md.code.keyword"
    case markdownCodeString = "md.code.string"
    case markdownCodeComment = "md.code.comment"
    case markdownCodeNumber = "md.code.number"
    case markdownCodeType = "md.code.type"
    case markdownQuote = "md.quote"
    case markdownLink = "md.link"
    case markdownTableRule = "md.table.rule"
    case markdownListMarker = "md.list.marker"
    case markdownRule = "md.rule"
    case markdownCitation = "md.citation"
}
