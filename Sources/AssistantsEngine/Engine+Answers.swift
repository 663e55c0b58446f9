package import Assistants
import GRDB
import Synchronization

extension Engine: AnswerKeeping {
    /// How long answers are kept, in seconds.
    private static let answerLifetime = 86_400

    package func claim(_ mark: RequestMark) async throws(APIError) -> RequestClaim {
        let isClaimed = access.withLock { access -> RequestClaim? in
            guard let running = access.running[RunningRequest(mark)] else {
                access.running[RunningRequest(mark)] = mark
                return nil
            }
            return running == mark ? .running : .different
        }
        if let isClaimed { return isClaimed }
        // Claimed before the store is asked, so that of two at once only one is new.
        let since = clock.seconds - Self.answerLifetime
        do throws(APIError) {
            let kept = try await store.read { db in
                try db.keptAnswer(mark.project, mark.key, since: since)
            }
            guard let (before, answer) = kept else { return .new }
            await release(mark)
            return before == mark ? .answered(answer) : .different
        } catch {
            await release(mark)
            throw error
        }
    }

    package func keep(
        _ answer: KeptAnswer, for mark: RequestMark
    ) async throws(APIError) {
        let now = clock.seconds
        do throws(APIError) {
            try await store.write { db in
                try db.keep(
                    answer, for: mark, at: now, forgettingBefore: now - Self.answerLifetime)
            }
        } catch {
            await release(mark)
            throw error
        }
        await release(mark)
    }

    package func release(_ mark: RequestMark) async {
        access.withLock { access in
            if access.running[RunningRequest(mark)] == mark {
                access.running[RunningRequest(mark)] = nil
            }
        }
    }
}
