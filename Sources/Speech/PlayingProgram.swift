import Processes

/// A player that runs, and gets sound as it comes.
package final class PlayingProgram: AudioSink {
    private let player: Player
    private let child: ChildProcess

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
        var said: [UInt8] = []
        while said.count < 4096, let bytes = try? await child.nextErrors() { said += bytes }
        let text = String(decoding: said.prefix(4096), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        let words = line.isEmpty ? "" : ": " + String(line.prefix(200))
        return SpeechError(
            .player, "The player \(player.name) ended too soon\(words). Another: speech: player.")
    }
}
