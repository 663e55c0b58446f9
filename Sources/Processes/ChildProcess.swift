import CLinux
import Glibc

/// A program that runs beside ours, with pipes to its standard streams.
///
/// It leads a session of its own: what it starts ends with it, and it has no terminal. A class,
/// because it owns a process: what still runs when it goes is killed.
package final class ChildProcess: Sendable {
    private let pipes: ChildPipes

    /// Starts a program. Its standard streams are pipes, whatever `launch` says of them.
    /// - Throws: `notFound` and `notStarted`.
    package init(_ launch: Launch) throws(ProcessError) {
        pipes = try ChildPipes(launch)
        pipes.start()
    }

    deinit { pipes.abandon() }

    /// The process, which leads a group with the same number.
    package var processID: Int32 { pipes.process }

    /// Hands bytes to its standard input; returns once the pipe has taken them all.
    ///
    /// One task at a time may write.
    /// - Throws: `inputClosed` when it reads no more, and `cancelled`.
    package func write(_ bytes: [UInt8]) async throws(ProcessError) {
        try await pipes.write(bytes)
    }

    /// Ends its standard input, after what was written.
    package func closeInput() { pipes.closeInput() }

    /// What came next on its standard output; nil at the end. One task at a time may read.
    /// - Throws: `cancelled`.
    package func nextOutput() async throws(ProcessError) -> [UInt8]? {
        try await pipes.next(.output)
    }

    /// What came next on its standard error; nil at the end. One task at a time may read.
    /// - Throws: `cancelled`.
    package func nextErrors() async throws(ProcessError) -> [UInt8]? {
        try await pipes.next(.errors)
    }

    /// Waits for its end.
    package func ending() async -> ProcessEnding { await pipes.awaitEnd() }

    /// Sends it, and what it started, what Ctrl+C sends. Does nothing after its end.
    package func interrupt() { pipes.signal(SIGINT) }

    /// Makes it and what it started stand still until `resume`. Does nothing after its end.
    package func pause() { pipes.signal(SIGSTOP) }

    /// Lets it go on where it stands still.
    package func resume() { pipes.signal(SIGCONT) }

    /// Kills it and what it started, at once. Does nothing after its end.
    package func end() { pipes.signal(SIGKILL) }
}
