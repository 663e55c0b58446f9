import Assistants
import AssistantsClient
import AssistantsEngine
import AssistantsServer
import Events
import Glibc
import Logging
import Synchronization

// How a process lives with a data directory: as its host, as a guest, and from one to the other.
extension SharedEngine {
    /// Takes one seat after the other until the end.
    ///
    /// - Parameter settled: Called once the service answers at the first of them.
    func live(from first: Seat, settled: @escaping @Sendable () -> Void) async {
        var seat: Seat? = first
        var cursor: String?
        while let current = seat {
            switch current {
            case .host(let engine):
                await host(engine, settled: settled)
                cursor = nil
            case .guest(let guest):
                cursor = await follow(guest, settled: settled) ?? cursor
            }
            seat = await nextSeat(after: cursor)
        }
        settled()
    }

    private func nextSeat(after cursor: String?) async -> Seat? {
        var patience = Patience()
        while !state.withLock({ $0.isClosing }) {
            do throws(EngineError) {
                let seat = try await seat(after: cursor, patience)
                if opening.keepsEngine, case .guest(let guest) = seat {
                    // Somebody else was quicker than the one that it was left to.
                    Task { try? await takeOver(from: guest.service) }
                }
                return seat
            } catch {
                state.withLock { $0.trouble = error }
            }
            patience.grow()
            await rest()
        }
        return nil
    }

    /// Says where the engine is now, and how that is ended; false at the end.
    private func take(_ place: Place, leave: (@Sendable () -> Void)? = nil) {
        let isClosing = state.withLock { state in
            state.place = place
            state.changes += 1
            state.trouble = nil
            state.leave = leave
            return state.isClosing
        }
        if isClosing { leave?() }
    }

    /// From now on, where it was asked for the engine, this leaves it to whoever asked.
    func yield() {
        state.withLock { state in
            if state.yields { state.yieldsUntil = .now + Self.headStart }
            state.yields = false
        }
    }

    // MARK: - As the host

    private func host(_ engine: Engine, settled: @escaping @Sendable () -> Void) async {
        let relay = Relay(engine) { [weak self] in self?.publish($0) }
        let (leaving, leave) = AsyncStream<Void>.makeStream()
        let server = server(of: engine)
        // Before anybody can begin a new run, which is none of those that were left. What cannot be
        // carried on now is by the next host.
        let isFirst = state.withLock { $0.changes == 0 }
        if opening.carriesOn || !isFirst { try? await engine.recover() }
        take(.here(engine)) { leave.finish() }
        settled()
        async let serving: Void = serve(server)
        await catchUp(with: engine)
        for await _ in leaving {}
        server?.stop()
        await serving
        take(.nowhere)
        await engine.close()
        relay.end()
        yield()
    }

    private func server(of engine: Engine) -> APIServer? {
        guard let path = socket.path else { return nil }
        // What a host that was killed has left; nobody else can be listening.
        unlink(path)
        var settings = ServerSettings(.socket(path: path))
        settings.stopPatience = .milliseconds(500)
        return APIServer(
            engine, settings: settings, logger: opening.logger, events: engine.events.stream,
            host: self
        ) { (key) throws(APIError) in
            // A server in another process passes on the keys of those who ask it.
            guard let key else { return .trusted }
            return try await engine.caller(forKeyHash: Hash.sha256(key))
        }
    }

    private func serve(_ server: APIServer?) async {
        do throws(ServerError) {
            try await server?.run()
        } catch {
            // Nobody can join then; the work of this process goes on.
            opening.logger.warning("\(error)")
        }
        if let path = socket.path { unlink(path) }
    }

    // MARK: - As a guest

    /// Listens until the host goes; gives back where to go on.
    private func follow(_ guest: Guest, settled: @escaping @Sendable () -> Void) async -> String? {
        let reading = Task { await guest.read(self.publish) }
        take(.elsewhere(guest.service)) { reading.cancel() }
        settled()
        let catching = Task { if guest.hasGap { await self.catchUp(with: guest.service) } }
        let cursor = await reading.value
        catching.cancel()
        take(.nowhere)
        return cursor
    }

    /// Tells what may have been missed between one place and the next.
    private func catchUp(with service: any EngineService) async {
        await Retelling(runs: runs, publish: publish).catchUp(with: service)
        if state.withLock({ $0.changes > 1 }) {
            publish(ServiceEvent(threadID: "", kind: .modelsChanged))
        }
    }
}
