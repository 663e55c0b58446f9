import Glibc

// A program and the model server that it asks, both served by the thread that measures.
extension TerminalProgram {
    /// Waits for something to happen until a time; true when the program sent something.
    func turn(_ server: ModelServer?, until limit: Double) -> Bool {
        var polled = ([master] + (server?.descriptors ?? [])).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let rest = (max(0, limit - now()) * 1000).rounded(.up)
        guard poll(&polled, nfds_t(polled.count), Int32(rest)) > 0 else { return false }
        for entry in polled.dropFirst() where entry.revents != 0 { server?.serve(entry.fd) }
        return polled[0].revents != 0 && pump()
    }

    /// Waits until the condition holds: the time of the last read by then, or nil.
    func wait(
        _ server: ModelServer, seconds: Double = 20, until isDone: () -> Bool
    ) -> Double? {
        let end = now() + seconds
        while now() < end, !hasEnded {
            if isDone() { return lastRead }
            _ = turn(server, until: end)
        }
        return isDone() ? lastRead : nil
    }
}
