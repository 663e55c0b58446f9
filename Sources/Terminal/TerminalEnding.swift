internal import CLinux

/// Why a session ended.
package enum TerminalEnding: Hashable, Sendable {
    /// The client, or the task that ran it, ended it.
    case finished
    /// The terminal went away.
    case closed
    /// A signal asked the process to end. The terminal is restored; call `resume()` last of all.
    case signal(Int32)

    /// Dies of the signal, so that whoever started the process sees why it ended. Returns after
    /// other endings.
    package func resume() {
        if case .signal(let number) = self { system_die_of(number) }
    }
}
