import Processes

/// Keeps what was said about commands, and which were begun, in a file that several consoles share.
package struct ConsentKeeper: Sendable {
    private let file: SharedFile

    /// Whether a command may be begun.
    enum Beginning: Hashable, Sendable {
        /// It is noted as begun.
        case begun
        /// What is remembered is not what it was begun by; this is what is remembered.
        case changed(Consents)
        /// It cannot be noted, for this reason.
        case unwritable(String)
    }

    /// The keeper of the file at a path.
    package init(path: String) { file = SharedFile(path: path) }

    /// What is remembered. Nothing, where there is no file, it is damaged, or somebody else can
    /// write it: then people are asked.
    package func read() -> Consents { consents(file.read()) }

    private func consents(_ bytes: [UInt8]?) -> Consents {
        guard let bytes, file.isOurs, var consents = Consents(bytes: bytes) else {
            return Consents()
        }
        for place in consents.begun.indices {
            let owner = consents.begun[place].owner
            consents.begun[place].isHeld = owner != .current && owner.isAlive
        }
        return consents
    }

    /// Changes what is remembered; what went wrong in a sentence.
    package func change(_ make: (inout Consents) -> Void) -> String? {
        let problem = file.change { bytes in
            // What cannot be understood is kept beside the new file, for whoever wants to know.
            if let bytes, !file.isOurs || Consents(bytes: bytes) == nil { file.putAside() }
            let before = consents(bytes)
            var consents = before
            make(&consents)
            return consents == before ? nil : consents.bytes
        }
        return problem.map { "\(file.path) cannot be written (\($0))." }
    }

    /// Notes that a command is about to be begun, unless what allows it does not hold any more or
    /// another console began it.
    func begin(_ order: CommandOrder, by reason: CommandReason, wall: Int) -> Beginning {
        var beginning = Beginning.begun
        let problem = change { consents in
            let begun = consents.begun(order)?.time
            let holds =
                switch reason {
                case .asked(let known): begun == known
                case .remembered:
                    begun == nil && consents.answer(about: order)?.isAllowed == true
                case .configured: begun == nil
                }
            if holds {
                consents.add(Consents.Begun(order, time: wall))
            } else {
                beginning = .changed(consents)
            }
        }
        return problem.map { .unwritable($0) } ?? beginning
    }

    /// Takes back that a command was begun: it was not, after all.
    func withdraw(_ order: CommandOrder, _ reason: CommandReason) {
        // Where that cannot be written, it only looks as if it had been begun: somebody is asked.
        _ = change { consents in
            consents.begun.removeAll { $0.isAbout(order) }
            guard case .asked(let before?) = reason else { return }
            consents.add(Consents.Begun(order, time: before))
        }
    }
}
