import Processes

/// A player that runs, and gets sound as it comes.
package final class PlayingProgram: AudioSink {
    private let player: Player
    private let child: ChildProcess
    /// What it says is read all the time: one that nobody listens to would stand still.
    private let said: Task<[UInt8], Never>

    /// So much of the end of what it says is kept, in bytes.
    private static let saidLimit = 4096

    /// Starts a player.
    /// - Throws: `SpeechError` of kind `noPlayer`.
    package init(_ player: Player) throws(SpeechError) {
        self.player = player
        do throws(ProcessError) {
            child = try ChildProcess(
                Launch(player.command, environment: Launch.environmentWithoutKeys))
        } catch {
            throw SpeechError(.noPlayer, "\(error) It is to play what is spoken.")
        }
        said = Task { [child] in
            async let output: Void = Self.passOver(child)
            var said: [UInt8] = []
            while let bytes = try? await child.nextErrors() {
                said = Array((said + bytes).suffix(Self.saidLimit))
            }
            await output
            return said
        }
    }

    deinit { child.end() }

    private static func passOver(_ child: ChildProcess) async {
        while (try? await child.nextOutput()) != nil {}
    }

    package func write(_ bytes: [UInt8]) async throws(SpeechError) {
        do throws(ProcessError) {
            try await child.write(bytes)
        } catch .cancelled {
            throw .stopped
        } catch {
            throw await failure()
        }
    }

    package func finish() async throws(SpeechError) {
        child.closeInput()
        let ending = await withTaskCancellationHandler {
            await child.ending()
        } onCancel: {
            child.end()
        }
        if Task.isCancelled { throw .stopped }
        if !ending.isSuccess { throw await failure() }
    }

    package func stop() { child.end() }

    /// What it said before it ended.
    private func failure() async -> SpeechError {
        child.closeInput()
        child.end()
        let text = String(decoding: await said.value, as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        let words = line.isEmpty ? "" : ": " + String(line.prefix(200))
        return SpeechError(
            .player, "The player \(player.name) ended too soon\(words). Another: speech: player.")
    }
}
