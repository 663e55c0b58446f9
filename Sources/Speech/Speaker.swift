import Transport

/// Speaks texts: a request for each sentence, in order, one ahead of the one that is heard.
package struct Speaker: Sendable {
    /// What every request of it has in common; its text and its format are replaced.
    package var request: SpeechRequest
    /// The formats to ask for, the best first: the others are for accounts that may not have it.
    package var formats: [AudioFormat]
    private let client: SpeechClient
    private let pause: @Sendable (Duration) async -> Void

    /// How many characters of what was spoken before are told to the service.
    private static let contextLength = 200

    /// Creates a speaker.
    /// - Parameter pause: Waits before a request that the service wanted later.
    package init(
        _ client: SpeechClient, request: SpeechRequest, formats: [AudioFormat],
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.client = client
        self.request = request
        self.formats = formats
        self.pause = pause
    }

    /// Speaks a text to its end, also while it is still being written.
    ///
    /// Sound is handed on as it comes. Cancelling the task closes the connections and stops the
    /// sink at once; so does every error.
    /// - Parameter makeSink: Makes the sink for a format, once the first sound is about to come.
    /// - Returns: How much was spoken.
    @discardableResult
    package func speak(
        _ text: SpokenText,
        to makeSink: @Sendable (AudioFormat) async throws(SpeechError) -> any AudioSink
    ) async throws(SpeechError) -> Spoken {
        let progress = SpeechProgress()
        guard let (first, format) = try await openFirst(text, progress) else {
            if Task.isCancelled { throw .stopped }
            return Spoken()
        }
        let sink = try await makeSink(format)
        var speaker = self
        speaker.request.format = format
        let result = await withTaskCancellationHandler {
            await speaker.run(first, text, progress, sink)
        } onCancel: {
            sink.stop()
        }
        if Task.isCancelled { throw .stopped }
        return try result.get()
    }

    /// How much was spoken.
    package struct Spoken: Hashable, Sendable {
        /// Sentences whose sound came whole.
        package var sentences = 0
        /// Bytes of sound that came.
        package var bytes = 0
    }

    private func run(
        _ first: Opened, _ text: SpokenText, _ progress: SpeechProgress, _ sink: any AudioSink
    ) async -> Result<Spoken, SpeechError> {
        var spoken = Spoken()
        var current = first
        do throws(SpeechError) {
            while true {
                // One ahead: its sound waits in the connection.
                async let upcoming = ahead(text, progress)
                spoken.bytes += try await copy(current, to: sink)
                spoken.sentences += 1
                progress.finish(id: current.answer.requestID)
                guard let next = try await settled(await upcoming, progress) else { break }
                current = next
            }
            try await sink.finish()
            return .success(spoken)
        } catch {
            sink.stop()
            return .failure(error)
        }
    }

    /// Hands the sound of one sentence on, piece by piece; how many bytes there were.
    private func copy(
        _ opened: Opened, to sink: any AudioSink
    ) async throws(SpeechError) -> Int {
        var count = 0
        var audio = opened.answer.audio.makeAsyncIterator()
        while true {
            let piece: [UInt8]?
            do throws(TransportError) {
                piece = try await audio.next()
            } catch {
                throw SpeechError(error)
            }
            guard let piece else { break }
            count += piece.count
            try await sink.write(piece)
        }
        if count == 0 {
            throw SpeechError(.notAudio, "The speech service answered without any sound.")
        }
        // Half a sample would turn all that follows into noise.
        if request.format.codec == .pcm, count % 2 == 1 { try await sink.write([0]) }
        return count
    }
}

// Asking the service.
extension Speaker {
    /// A sentence and the sound that comes for it.
    private struct Opened: Sendable {
        var sentence: String
        var answer: SpeechAnswer
    }

    /// What came of asking ahead.
    private enum Ahead: Sendable {
        case opened(Opened?)
        /// The service answers one request at a time: to be asked again.
        case tooEarly(SpokenText.Next)
        case failed(SpeechError)
    }

    /// The first sentence, in the first format that the account may have.
    private func openFirst(
        _ text: SpokenText, _ progress: SpeechProgress
    ) async throws(SpeechError) -> (Opened, AudioFormat)? {
        guard let next = await text.next() else { return nil }
        for (place, format) in formats.enumerated() {
            var speaker = self
            speaker.request.format = format
            do throws(SpeechError) {
                return (try await speaker.open(next, progress), format)
            } catch {
                let isLast = place == formats.count - 1
                guard error.kind == .formatNotAllowed, !isLast else { throw error }
            }
        }
        return nil
    }

    private func ahead(_ text: SpokenText, _ progress: SpeechProgress) async -> Ahead {
        guard let next = await text.next() else { return .opened(nil) }
        do throws(SpeechError) {
            return .opened(try await open(next, progress))
        } catch {
            return error.kind == .tooManyAtOnce ? .tooEarly(next) : .failed(error)
        }
    }

    private func settled(
        _ ahead: Ahead, _ progress: SpeechProgress
    ) async throws(SpeechError) -> Opened? {
        switch ahead {
        case .opened(let opened): return opened
        case .tooEarly(let next): return try await open(next, progress)
        case .failed(let error): throw error
        }
    }

    private func open(
        _ next: SpokenText.Next, _ progress: SpeechProgress
    ) async throws(SpeechError) -> Opened {
        var request = request
        request.text = next.sentence
        // This model refuses to be told what comes before and after.
        if request.model?.hasPrefix("eleven_v3") != true {
            request.nextText = next.following
            switch progress.context {
            case .text(let text): request.previousText = String(text.suffix(Self.contextLength))
            case .requests(let ids): request.previousRequestIDs = ids
            case .none: break
            }
        }
        var wait = Duration.seconds(1)
        while true {
            do throws(SpeechError) {
                let answer = try await client.speak(request)
                progress.begin(next.sentence)
                return Opened(sentence: next.sentence, answer: answer)
            } catch {
                // Three times, and later each time.
                guard error.kind == .rateLimit, wait < .seconds(8) else { throw error }
                await pause(wait)
                wait *= 2
                if Task.isCancelled { throw .stopped }
            }
        }
    }
}
