/// Where a run is in its life (`CONTRACT.md` 7.1).
public enum RunStatus: WireName {
    case queued, inProgress, requiresAction, cancelling
    case completed, failed, cancelled, expired, incomplete
    case unknown(String)

    public static let known: [(value: RunStatus, name: String)] = [
        (.queued, "queued"), (.inProgress, "in_progress"), (.requiresAction, "requires_action"),
        (.cancelling, "cancelling"), (.completed, "completed"), (.failed, "failed"),
        (.cancelled, "cancelled"), (.expired, "expired"), (.incomplete, "incomplete"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }

    /// Whether the run can still change, and its thread is locked.
    public var isActive: Bool {
        switch self {
        case .queued, .inProgress, .requiresAction, .cancelling: true
        case .completed, .failed, .cancelled, .expired, .incomplete, .unknown: false
        }
    }

    /// Whether nothing more can happen to the run.
    public var isTerminal: Bool {
        switch self {
        case .completed, .failed, .cancelled, .expired, .incomplete: true
        case .queued, .inProgress, .requiresAction, .cancelling, .unknown: false
        }
    }
}

/// Where a run step is in its life (`CONTRACT.md` 7.2).
public enum StepStatus: WireName {
    case inProgress, completed, failed, cancelled, expired
    case unknown(String)

    public static let known: [(value: StepStatus, name: String)] = [
        (.inProgress, "in_progress"), (.completed, "completed"), (.failed, "failed"),
        (.cancelled, "cancelled"), (.expired, "expired"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Where a message is in its life (`CONTRACT.md` 7.3).
public enum MessageStatus: WireName {
    case inProgress, completed, incomplete
    case unknown(String)

    public static let known: [(value: MessageStatus, name: String)] = [
        (.inProgress, "in_progress"), (.completed, "completed"), (.incomplete, "incomplete"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Who wrote a message.
public enum Role: WireName {
    case user, assistant
    case unknown(String)

    public static let known: [(value: Role, name: String)] = [
        (.user, "user"), (.assistant, "assistant"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Why a message is incomplete (`CONTRACT.md` 7.3).
public enum MessageIncompleteReason: WireName {
    case contentFilter, maxTokens, runCancelled, runExpired, runFailed
    case unknown(String)

    public static let known: [(value: MessageIncompleteReason, name: String)] = [
        (.contentFilter, "content_filter"), (.maxTokens, "max_tokens"),
        (.runCancelled, "run_cancelled"), (.runExpired, "run_expired"), (.runFailed, "run_failed"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Why a run or a step failed (`CONTRACT.md` 3.5): three codes of the wire, and whatever else a
/// server says.
public enum RunErrorCode: WireName {
    case serverError, rateLimitExceeded, invalidPrompt
    case unknown(String)

    public static let known: [(value: RunErrorCode, name: String)] = [
        (.serverError, "server_error"), (.rateLimitExceeded, "rate_limit_exceeded"),
        (.invalidPrompt, "invalid_prompt"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}

/// Why a run ended incomplete (`CONTRACT.md` 3.5).
public enum RunIncompleteReason: WireName {
    case maxCompletionTokens, maxPromptTokens
    case unknown(String)

    public static let known: [(value: RunIncompleteReason, name: String)] = [
        (.maxCompletionTokens, "max_completion_tokens"), (.maxPromptTokens, "max_prompt_tokens"),
    ]

    public var unknownName: String? {
        if case .unknown(let name) = self { name } else { nil }
    }
}
