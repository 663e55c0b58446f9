import Testing

/// Records one issue for each thing that breaks a rule, so that a report is a list of places.
func expectNone(
    _ violations: some Collection<String>, sourceLocation: SourceLocation = #_sourceLocation
) {
    for violation in violations.sorted() {
        Issue.record("\(violation)", sourceLocation: sourceLocation)
    }
}
