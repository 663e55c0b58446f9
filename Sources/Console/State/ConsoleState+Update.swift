import Assistants
import Settings
import Terminal

extension ConsoleState {
    /// Takes in what happened and says what is to be done.
    mutating func update(_ input: ConsoleInput, at moment: Moment) -> [Effect] {
        now = Moment(
            monotonic: max(now.monotonic, moment.monotonic), wall: moment.wall)
        switch input {
        case .terminal(let input):
            take(input)
            updateCompletion()
        case .events(let events): for event in events { take(event) }
        case .result(let result): take(result)
        case .frameTaken: noteFrameTaken()
        case .sign: takeSign()
        case .cameBack: hideConsent()
        case .tick: passTime()
        }
        loadWhatIsSeen()
        for id in conversations.idsToSend { sendFromQueue(of: id) }
        defer { effects = [] }
        return effects
    }

    /// When time alone changes something next; nil when never, so that nobody is woken.
    var deadline: Duration? {
        var times: [Duration] = []
        if let notice { times.append(notice.until) }
        times += deletions.map(\.due)
        if let consentDeadline { times.append(consentDeadline) }
        if !needsFrame, let time = shelf.retryTime { times.append(time) }
        if isMoving { times.append(now.monotonic + Self.spinTime) }
        return times.min()
    }

    /// Whether the spinner turns and times run; not while a person is waited for.
    private var isMoving: Bool {
        guard let run = conversation.activeRun else { return conversation.isStarting }
        return run.status != .requiresAction || hasWork(run)
    }

    /// Takes a theme that is made for the terminal's ground, unless the person chose one.
    private mutating func adapt(isLight: Bool) {
        needsFrame = false
        guard !options.isThemeChosen else { return }
        let ground: Theme.Ground = isLight ? .light : .dark
        guard let place = options.themes.firstIndex(where: { $0.ground == ground }),
            options.themes.indices.contains(themePlace),
            options.themes[themePlace].ground != ground
        else { return }
        themePlace = place
        use(depth: depth)
        needsFrame = true
    }

    private mutating func passTime() {
        if let until = notice?.until, until <= now.monotonic {
            notice = nil
            needsFrame = true
        }
        settleConsent()
        if let time = shelf.retryTime, time <= now.monotonic { needsFrame = true }
        for deletion in deletions where deletion.due <= now.monotonic {
            effects.append(.deleteThread(deletion.summary.id))
        }
        deletions.removeAll { $0.due <= now.monotonic }
        if isMoving { needsFrame = true }
    }

    private mutating func take(_ input: Input) {
        needsFrame = true
        switch input {
        case .key(let key): press(key)
        case .escapeSettled: settleEscape()
        case .paste(let text): paste(text)
        case .mouse(let event): take(event)
        case .focus(let focus):
            hasFocus = focus
            needsFrame = false
        case .resize(let rows, let columns):
            self.rows = rows
            self.columns = columns
        case .reply(.background(let red, let green, let blue)):
            adapt(isLight: Contrast.luminance(.rgb(red, green, blue)) > 0.4)
        case .reply(.darkColours(let isDark)): adapt(isLight: !isDark)
        case .reply(.deviceAttributes):
            needsFrame = false
            takeSign()
        case .reply: needsFrame = false
        }
    }

    /// Asks for messages that the reader is about to see.
    mutating func loadWhatIsSeen() {
        guard conversation.loading == .done, !conversation.isLoadingMore,
            let anchor = conversation.chat.anchor
        else { return }
        if anchor.message < 8, conversation.window.lowerBound > 0 {
            let end = conversation.window.lowerBound
            loadMore(max(0, end - Self.windowSize)..<end, .older)
        } else if conversation.window.upperBound < conversation.total,
            anchor.message + 40 > conversation.transcript.messages.count
        {
            let start = conversation.window.upperBound
            loadMore(start..<min(conversation.total, start + Self.windowSize), .newer)
        }
    }

    private mutating func loadMore(_ range: Range<Int>, _ purpose: WindowPurpose) {
        conversation.isLoadingMore = true
        effects.append(.loadMessages(current, range, purpose: purpose))
    }
}
