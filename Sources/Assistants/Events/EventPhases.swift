/// What happened to a run, as the last word of its event's name (`CONTRACT.md` 8.3).
public enum RunPhase: String, Hashable, Sendable, CaseIterable {
    case created, queued
    case inProgress = "in_progress"
    case requiresAction = "requires_action"
    case completed, incomplete, failed, cancelling, cancelled, expired
}

/// What happened to a run step, as the last word of its event's name (`CONTRACT.md` 8.3).
public enum StepPhase: String, Hashable, Sendable, CaseIterable {
    case created
    case inProgress = "in_progress"
    case completed, failed, cancelled, expired
}

/// What happened to a message, as the last word of its event's name (`CONTRACT.md` 8.3).
public enum MessagePhase: String, Hashable, Sendable, CaseIterable {
    case created
    case inProgress = "in_progress"
    case completed, incomplete
}
