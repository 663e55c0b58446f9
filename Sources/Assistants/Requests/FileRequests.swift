/// A file on this machine's disk that becomes a file of the service.
public struct FileUpload: Hashable, Sendable {
    /// Where the bytes are now.
    public var path: String
    /// The name it is to be shown under; never used as a path.
    public var filename: String
    /// `assistants`, `batch`, `fine-tune`, `vision`, `user_data` or `evals`; for what tools make,
    /// `assistants_output`.
    public var purpose: String
    /// Whether the file at the path was made for this upload: a service may then take it away
    /// instead of copying it, and nobody may write to it any more.
    public var isTemporary: Bool
    /// The SHA-256 of the bytes, where it is known; kept with the file.
    public var sum: [UInt8]?
    /// After how many seconds the file goes by itself, 3600…2592000; nil for never.
    public var expiresAfter: Int?

    /// Makes an upload.
    public init(
        path: String, filename: String, purpose: String, isTemporary: Bool = false,
        sum: [UInt8]? = nil, expiresAfter: Int? = nil
    ) {
        self.path = path
        self.filename = filename
        self.purpose = purpose
        self.isTemporary = isTemporary
        self.sum = sum
        self.expiresAfter = expiresAfter
    }
}
