import FoundationEssentials
public import Testing

/// Whether tests run in their long forms, as `script/test --full` asks for.
public enum LongForms {
    /// True where the environment has `FULL=1`.
    public static let areAsked = ProcessInfo.processInfo.environment["FULL"] == "1"

    /// After so long a test that has a long form counts as hung.
    public static let timeLimit: TimeLimitTrait.Duration = .minutes(areAsked ? 60 : 5)
}
