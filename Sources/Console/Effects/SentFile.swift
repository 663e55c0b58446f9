package import Assistants
import Wire

/// An uploaded file that goes with a message.
package struct SentFile: Hashable, Sendable {
    package var id: File.ID
    /// Whether the model is to see it; other files are for tools.
    package var isPicture: Bool

    /// A file that goes with a message.
    package init(id: File.ID, isPicture: Bool) {
        self.id = id
        self.isPicture = isPicture
    }
}

extension MessageRequest {
    /// A message of a text and files.
    ///
    /// - Parameter tools: What the files that are no pictures are for.
    package init(_ text: String, files: [SentFile], tools: [Tool]) {
        self.init(
            content: [.text(MessageText(text))]
                + files.filter(\.isPicture).map { .imageFile(fileID: $0.id, detail: nil) },
            attachments: files.filter { !$0.isPicture }.map {
                Attachment(fileID: $0.id, tools: tools)
            })
    }
}

extension Assistant {
    /// The tools that files can be attached for.
    package var fileTools: [Tool] {
        tools.compactMap { tool in
            switch tool {
            case .codeInterpreter: .codeInterpreter
            case .fileSearch: .fileSearch(options: [:])
            case .function, .unknown: nil
            }
        }
    }

    /// Why a file cannot be for this assistant, in a sentence.
    package func refusal(of file: String) -> String {
        "\(name ?? model) neither runs code nor searches files, so \(file) is of no use to it."
    }
}
