import Assistants

/// The threads that are kept in memory, found by their ids.
///
/// Reading a part of one copies that part only, which matters because every frame reads many.
struct Conversations: Sendable {
    private var list: [Conversation] = []
    private var places: [Assistants.Thread.ID: Int] = [:]

    /// How many there are.
    var count: Int { list.count }

    /// The ids of all.
    var keys: [Assistants.Thread.ID] { list.map(\.id) }

    /// All of them, in no order.
    var values: [Conversation] { list }

    /// The threads whose queued messages nothing holds back any more.
    var idsToSend: [Assistants.Thread.ID] {
        list.indices.filter {
            !list[$0].queue.isEmpty && !list[$0].queueIsHeld && !list[$0].isBusy
        }.map { list[$0].id }
    }

    /// A thread by its id; setting nil lets it go.
    subscript(id: Assistants.Thread.ID) -> Conversation? {
        get { places[id].map { list[$0] } }
        set {
            guard let new = newValue else { return _ = removeValue(forKey: id) }
            self[existing: id] = new
        }
        _modify {
            // Held by this place alone while it is changed, so that its texts grow in place.
            let place = places[id]
            var conversation: Conversation?
            if let place {
                var taken = Conversation(id: "")
                swap(&taken, &list[place])
                conversation = consume taken
            }
            // Put back also when whoever changes it throws.
            defer {
                switch (place, conversation) {
                case (.some(let place), .some(let new)): list[place] = new
                case (.some, nil): _ = removeValue(forKey: id)
                case (nil, .some(let new)): self[existing: id] = new
                case (nil, nil): break
                }
            }
            yield &conversation
        }
    }

    /// A thread that is there, or is made now.
    subscript(existing id: Assistants.Thread.ID) -> Conversation {
        _read {
            if let place = places[id] {
                yield list[place]
            } else {
                yield Conversation(id: id)
            }
        }
        _modify {
            if places[id] == nil {
                places[id] = list.count
                list.append(Conversation(id: id))
            }
            yield &list[places[id] ?? 0]
        }
    }

    /// Lets a thread go and returns it.
    mutating func removeValue(forKey id: Assistants.Thread.ID) -> Conversation? {
        guard let place = places.removeValue(forKey: id) else { return nil }
        let conversation = list.remove(at: place)
        for later in place..<list.count { places[list[later].id] = later }
        return conversation
    }
}
