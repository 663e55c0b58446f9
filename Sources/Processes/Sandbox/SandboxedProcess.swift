/// A program in its sandbox.
struct SandboxedProcess: Sendable {
    /// Its pipes. What it is the leader of is the whole sandbox.
    let child: ChildProcess
    /// The control group that it is in, where there is one.
    let group: ControlGroup?

    init(_ child: ChildProcess, _ group: ControlGroup?) {
        self.child = child
        self.group = group
    }

    /// Waits for its end, and removes what was made for it.
    func ending() async -> ProcessEnding {
        let ending = await child.ending()
        await group?.remove()
        return ending
    }
}
