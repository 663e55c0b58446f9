import Assistants
import Wire

/// A request that names an `Idempotency-Key`: carried out once in 24 hours.
struct KeyedRequest: Sendable {
    private let keeper: any AnswerKeeping
    private let mark: RequestMark
    private let isOfEarlierStart: Bool

    /// - Parameter isOfEarlierStart: Whether it was sent to an earlier start of the server before:
    ///   what became of it there is known only where its answer was kept.
    /// - Throws: An `APIError` for a key that is too long.
    init(
        key: String, project: Project.ID, target: String, bodyHash: [UInt8],
        keeper: any AnswerKeeping, isOfEarlierStart: Bool = false
    ) throws(APIError) {
        if key.isEmpty || key.utf8.count > 255 {
            throw Self.fault(400, "An Idempotency-Key has 1 to 255 bytes.")
        }
        self.keeper = keeper
        self.isOfEarlierStart = isOfEarlierStart
        mark = RequestMark(project: project, key: key, path: target, bodyHash: bodyHash)
    }

    /// The answer that was given before, or the one that carrying out gives.
    func answer(_ carryOut: () async -> Answer) async throws(APIError) -> Answer {
        switch try await keeper.claim(mark) {
        case .new where isOfEarlierStart:
            await keeper.release(mark)
            throw Self.fault(
                410,
                "This request was sent before to a server that has ended since, and may have been "
                    + "carried out. Look for its run before you send a new request.",
                code: "stream_lost")
        case .new: break
        case .running:
            throw Self.fault(
                409,
                "A request with this Idempotency-Key is being carried out. Ask again when it "
                    + "has been answered.")
        case .different:
            throw Self.fault(
                400, "This Idempotency-Key was used for another request. Use a new one.")
        case .answered(let kept):
            var answer = Answer(kept.body, type: kept.contentType)
            answer.status = kept.status
            answer.headers.append((.replayed, "true"))
            return answer
        }
        let answer = await carryOut()
        switch answer.body {
        // What failed here may work the next time.
        case .bytes(let bytes) where answer.status < 500:
            try await keeper.keep(
                KeptAnswer(status: answer.status, contentType: answer.contentType, body: bytes),
                for: mark)
        case .log(let log): keep(log, as: answer)
        default: await keeper.release(mark)
        }
        return answer
    }

    /// Keeps a stream once it has ended. One that is too long is not begun a second time either.
    private func keep(_ log: StreamLog, as answer: Answer) {
        let (keeper, mark) = (keeper, mark)
        log.whenEnded { bytes in
            let kept =
                bytes.map {
                    KeptAnswer(status: 200, contentType: answer.contentType, body: $0)
                }
                ?? KeptAnswer(
                    status: 410, contentType: Answer.json,
                    body: Self.fault(
                        410,
                        "This request was carried out. Its stream was too long to be kept: ask "
                            + "for the run."
                    ).json.bytes)
            Task { try? await keeper.keep(kept, for: mark) }
        }
    }

    private static func fault(
        _ status: Int, _ message: String, code: String = "idempotency_error"
    ) -> APIError {
        APIError(status: status, type: "idempotency_error", code: code, message: message)
    }
}
