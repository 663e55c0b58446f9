import Assistants
import Transport

/// What a request for a stream came to.
struct OpenedStream {
    enum Kind {
        /// A stream.
        case response(HTTPResponse)
        /// The answer got lost, but the run is there.
        case run(Run)
    }

    var kind: Kind
    /// How often the request was sent again.
    var retries: Int
}
