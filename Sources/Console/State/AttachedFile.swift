import Assistants

/// A file that goes with the message that is written.
struct AttachedFile: Hashable, Sendable {
    /// Where it is on this machine.
    var path: [UInt8]
    /// What is known of it, once it was looked at.
    var facts: LocalFile.Facts?
    /// Its id, once it was uploaded.
    var fileID: File.ID?
    /// Whether it was attached in a sitting before.
    var isRestored = false
    /// Why it cannot be sent, in a sentence; nil where nothing is known against it.
    var problem: String?

    /// A file at a path.
    init(path: [UInt8], isRestored: Bool = false) {
        self.path = path
        self.isRestored = isRestored
    }

    /// Why it cannot be sent, in the words behind its name.
    var shortProblem: String? {
        problem.map { problem in
            guard problem.hasPrefix(name + " ") else { return problem }
            let words = problem.dropFirst(name.count + 1)
            return String(words.hasSuffix(".") ? words.dropLast() : words)
        }
    }

    /// The file's own name.
    var name: String { LocalFile.name(of: path) }
}

/// A message that was written and is not sent yet.
struct WrittenMessage: Hashable, Sendable {
    var text: String
    var files: [AttachedFile] = []

    /// What one row of the queue shows.
    var shownText: String {
        files.isEmpty ? text : text + " [" + files.map(\.name).joined(separator: ", ") + "]"
    }
}

extension [Tool] {
    /// What files are for, in words; nil where no tool takes them.
    var purposeText: String? {
        let words = compactMap { tool in
            switch tool {
            case .codeInterpreter: "code"
            case .fileSearch: "search"
            case .function, .unknown: nil
            }
        }
        return words.isEmpty ? nil : "for " + words.joined(separator: " and ")
    }
}
