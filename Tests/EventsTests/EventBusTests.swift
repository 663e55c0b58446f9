import Events
import Synchronization
import Testing

/// A made-up event: text that an object grew by, or something that ends it.
private enum Note: Mergeable, Hashable {
    case grew(String, String)
    case ended(String)
    case barrier

    var mergeKey: String? {
        switch self {
        case .grew(let id, _), .ended(let id): id
        case .barrier: nil
        }
    }

    mutating func merge(_ next: Note) -> Bool {
        guard case .grew(let other, let more) = next, case .grew(let id, var text) = self,
            id == other
        else { return false }
        self = .barrier
        text += more
        self = .grew(id, text)
        return true
    }
}

@Suite("An event bus")
struct EventBusTests {
    @Test("gives every event to every subscriber, in order")
    func order() {
        let bus = EventBus<Note>()
        let first = bus.subscribe(merges: false)
        let second = bus.subscribe(merges: false)
        let notes = (0..<100).map { Note.grew("a", "\($0)") }
        for note in notes { bus.publish(note) }
        #expect(first.take() == notes)
        #expect(second.take() == notes)
    }

    @Test("gives two publishers' events to all subscribers in one order")
    func oneOrder() async {
        let bus = EventBus<Note>()
        let readers = (0..<3).map { _ in bus.subscribe(merges: false) }
        await withTaskGroup { group in
            for publisher in 0..<4 {
                group.addTask {
                    for number in 0..<500 { bus.publish(.grew("\(publisher)", "\(number)")) }
                }
            }
        }
        let seen = readers.map { $0.take() }
        #expect(seen[0].count == 2000)
        #expect(seen[0] == seen[1])
        #expect(seen[1] == seen[2])
    }

    @Test("wakes a subscriber once a batch, not once an event")
    func wakes() {
        let bus = EventBus<Note>()
        let wakes = Atomic(0)
        let mailbox = bus.subscribe(wake: { wakes.add(1, ordering: .relaxed) })
        for _ in 0..<1000 { bus.publish(.grew("a", "x")) }
        #expect(wakes.load(ordering: .relaxed) == 1)
        _ = mailbox.take()
        bus.publish(.ended("a"))
        #expect(wakes.load(ordering: .relaxed) == 2)
    }

    @Test("ends for everyone when it closes, unread events first")
    func close() async {
        let bus = EventBus<Note>()
        let mailbox = bus.subscribe()
        bus.publish(.ended("a"))
        bus.close()
        bus.publish(.ended("b"))
        #expect(await mailbox.next() == [.ended("a")])
        #expect(await mailbox.next() == nil)
        #expect(bus.subscribe().isClosed)
    }

    @Test("ends the wait of a reader whose task is cancelled")
    func cancellation() async {
        let mailbox = EventBus<Note>().subscribe()
        let reader = Task { await mailbox.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}

@Suite("A mailbox")
struct MailboxTests {
    @Test("holds as many entries as there are objects, 100,000 deltas behind")
    func bounded() {
        let mailbox = Mailbox<Note>()
        let bus = EventBus<Note>()
        let subscriber = bus.subscribe()
        for number in 0..<100_000 { bus.publish(.grew("object \(number % 7)", "x")) }
        #expect(subscriber.count == 7)
        #expect(mailbox.count == 0)
        let total = subscriber.take().reduce(0) { sum, note in
            if case .grew(_, let text) = note { sum + text.utf8.count } else { sum }
        }
        #expect(total == 100_000)
    }

    @Test("merges nothing past the end of an object or past a barrier")
    func barriers() {
        let bus = EventBus<Note>()
        let mailbox = bus.subscribe()
        let notes: [Note] = [
            .grew("a", "1"), .grew("b", "1"), .grew("a", "2"), .ended("a"), .grew("a", "3"),
            .barrier, .grew("b", "2"), .grew("b", "3"),
        ]
        for note in notes { bus.publish(note) }
        #expect(
            mailbox.take() == [
                .grew("a", "12"), .grew("b", "1"), .ended("a"), .grew("a", "3"), .barrier,
                .grew("b", "23"),
            ])
    }
}
