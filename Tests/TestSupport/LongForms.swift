import FoundationEssentials

/// Whether tests run in their long forms, as `script/test --full` asks for.
public enum LongForms {
    /// True where the environment has `FULL=1`.
    public static let areAsked = ProcessInfo.processInfo.environment["FULL"] == "1"
}
