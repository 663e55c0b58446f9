package import Assistants
import AssistantsClient
package import AssistantsEngine
package import Events
import Synchronization

/// The engine of a data directory, for every program that works on it: run by this process, or by
/// another that this one has joined.
///
/// Who runs it may change at any time; this object and its bus stay. A class, because the console,
/// the server and the task that keeps the connection share it.
package final class SharedEngine: Sendable {
    /// Where the engine is now.
    enum Place {
        /// In this process.
        case here(Engine)
        /// In another, which is asked over its socket.
        case elsewhere(RemoteService)
        /// Nowhere, for a moment: whoever ran it is gone.
        case nowhere
        case closed
    }

    struct State {
        var place = Place.nowhere
        /// Counts the places.
        var changes = 0
        /// Why the engine could not be opened the last time.
        var trouble: EngineError?
        /// Ends what this process does at its place.
        var leave: (@Sendable () -> Void)?
        /// Whether the engine is let go of for another.
        var yields = false
        /// Until when the engine is another's to take.
        var yieldsUntil: ContinuousClock.Instant?
        var isClosing = false
        /// How many imports this process does for others.
        var imports = 0
    }

    /// Everything that happens, whoever runs the engine, in order; numbered anew.
    package let events = EventBus<ServiceEvent>()

    let opening: Opening
    let socket: HostSocket
    let state = Mutex(State())
    let runs = ActiveRuns()
    private let sequence = Mutex(0)
    private let living = Mutex<Task<Void, Never>?>(nil)

    private init(_ opening: Opening) {
        self.opening = opening
        socket = HostSocket(opening)
    }

    /// How long to wait before the directory is tried again.
    static let pause = Duration.milliseconds(50)

    /// Runs the engine, or joins the process that does.
    ///
    /// - Throws: `EngineError` where the directory cannot be used, or the process that has it does
    ///   not let others join.
    package static func open(_ opening: Opening) async throws(EngineError) -> SharedEngine {
        let shared = SharedEngine(opening)
        let seat = try await shared.firstSeat()
        let (settled, isSettled) = AsyncStream<Void>.makeStream()
        let task = Task { await shared.live(from: seat) { isSettled.finish() } }
        shared.living.withLock { $0 = task }
        for await _ in settled {}
        return shared
    }

    /// The engine, where this process runs it.
    package var engine: Engine? {
        state.withLock { if case .here(let engine) = $0.place { engine } else { nil } }
    }

    /// Whether another process runs it.
    package var isGuest: Bool {
        state.withLock { if case .elsewhere = $0.place { true } else { false } }
    }

    /// Lets go of the engine, for others to run it, or leaves the process that runs it.
    package func close() async {
        let leave = state.withLock { state in
            state.isClosing = true
            return state.leave
        }
        leave?()
        await living.withLock { $0 }?.value
        state.withLock { $0.place = .closed }
        events.close()
    }

    /// Tells everyone what happened.
    func publish(_ event: ServiceEvent) {
        runs.note(event)
        // Under the lock, so that the numbers reach every mailbox in order.
        sequence.withLock { sequence in
            sequence += 1
            var event = event
            event.sequence = sequence
            events.publish(event)
        }
    }

    // MARK: - Finding a place

    private func firstSeat() async throws(EngineError) -> Seat {
        var patience = Patience()
        while true {
            do throws(EngineError) {
                let seat = try await seat(after: nil, patience)
                guard opening.keepsEngine, case .guest(let guest) = seat else { return seat }
                if !(try await takesOver(from: guest.service)) { return seat }
                patience = Patience()
            } catch {
                if !patience.goesOn(after: error) { throw error }
            }
            await rest()
        }
    }

    /// Asks whoever runs the engine to let go of it; false where that will take a while. It is
    /// joined until then.
    private func takesOver(from host: RemoteService) async throws(EngineError) -> Bool {
        let (results, arrive) = AsyncStream<Result<Bool, EngineError>>.makeStream()
        // Goes on behind whoever waits here: the engine comes when the other one goes.
        Task {
            do throws(EngineError) {
                try await self.takeOver(from: host)
                arrive.yield(.success(true))
            } catch {
                arrive.yield(.failure(error))
            }
        }
        let timer = Task {
            // Woken early only where nobody waits any more.
            try? await Task.sleep(for: opening.handoverPatience)
            arrive.yield(.success(false))
        }
        defer { timer.cancel() }
        for await result in results {
            if try !result.get() {
                opening.notice(
                    "Another Switchboard runs the engine here, and is busy. Its models answer "
                        + "until its runs have ended, at most for a minute; then this one takes "
                        + "over.")
                return false
            }
            break
        }
        return true
    }

    func takeOver(from host: RemoteService) async throws(EngineError) {
        do throws(APIError) {
            try await host.handOver()
        } catch {
            // It went by itself.
            if error.saysHostIsGone { return }
            throw EngineError(.hosted(processID: nil), error.message, reason: "it keeps the data")
        }
    }

    /// Takes the engine, or joins whoever has it, behind what was seen of it.
    func seat(
        after cursor: String?, _ patience: Patience
    ) async throws(EngineError) -> Seat {
        let yields = state.withLock { $0.yieldsUntil.map { $0 > .now } ?? false }
        var hosted = EngineError(.hosted(processID: nil), "The engine is another process's.")
        if !yields {
            do throws(EngineError) {
                return .host(try await opening.open())
            } catch {
                guard case .hosted = error.kind else { throw error }
                hosted = error
            }
        }
        do throws(APIError) {
            guard let service = socket.service(opening) else { throw .notFound("socket", "host") }
            return .guest(
                try await patience.limited { () throws(APIError) in
                    try await Guest(service, after: cursor)
                })
        } catch {
            if error.code == Patience.silentCode { hosted.reason = error.message }
            throw hosted
        }
    }

    func rest() async {
        // Nobody cancels the task that waits here.
        try? await Task.sleep(for: Self.pause)
    }
}
