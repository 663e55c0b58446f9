extension FunctionCommand {
    /// Runs the command with a call's arguments on its standard input; what the call came to, in
    /// words for the model. Cancelling the task kills the command and all that it started.
    ///
    /// - Parameter sleep: Waits; throws when its task is cancelled.
    package func run(
        _ input: String, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) async -> String {
        let child: ChildProcess
        do throws(ProcessError) {
            var launch = Launch(arguments, environment: Launch.environmentWithoutKeys)
            launch.program = program
            child = try ChildProcess(launch)
        } catch {
            return "The function could not be run. \(error)"
        }
        return await withTaskCancellationHandler {
            await withTaskGroup(of: String?.self) { group in
                group.addTask { await talk(to: child, input) }
                group.addTask {
                    do { try await sleep(time) } catch { return nil }
                    return "The function was stopped: it took longer than \(time.inWords)."
                }
                let first = await group.next() ?? nil
                child.end()
                group.cancelAll()
                // The other has nothing to say any more.
                return first ?? "The function was stopped."
            }
        } onCancel: {
            child.end()
        }
    }

    private func talk(to child: ChildProcess, _ input: String) async -> String {
        async let errors = Self.end(of: child)
        // Beside the output: a command may write before it has read all.
        async let writing: Void = Self.give(input, to: child)
        var output: [UInt8] = []
        while let bytes = try? await child.nextOutput() {
            output += bytes
            if output.count > outputLimit {
                child.end()
                return "The function was stopped: it said more than \(outputLimit) bytes."
            }
        }
        await writing
        let ending = await child.ending()
        let text = String(decoding: output, as: UTF8.self)
        if ending.isSuccess { return text }
        let said = await errors
        return "The function failed: \(ending.inWords).\n\(said)\n\(text)"
    }

    private static func give(_ input: String, to child: ChildProcess) async {
        // A command that does not read its input has all it needs.
        try? await child.write(Array(input.utf8))
        child.closeInput()
    }

    /// The last that a command said on its standard error.
    private static func end(of child: ChildProcess) async -> String {
        var said: [UInt8] = []
        while let bytes = try? await child.nextErrors() {
            said = Array((said + bytes).suffix(4096))
        }
        return String(decoding: said, as: UTF8.self)
    }
}

extension ProcessEnding {
    /// How it ended, in words.
    fileprivate var inWords: String {
        switch self {
        case .exited(let status): "it ended with status \(status)"
        case .killed(let signal): "signal \(signal) ended it"
        }
    }
}

extension Duration {
    fileprivate var inWords: String { "\(components.seconds) s" }
}
