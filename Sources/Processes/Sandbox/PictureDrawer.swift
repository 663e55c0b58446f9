/// Draws pictures of any kind as characters, by `chafa` in a sandbox: what reads pictures of
/// strangers is kept away from everything.
package struct PictureDrawer: Sendable {
    /// How many colours are drawn with.
    package enum Colors: String, Hashable, Sendable {
        /// Any.
        case full
        /// The sixteen of old terminals.
        case sixteen = "16"
    }

    /// The longest picture, in bytes.
    package static let pictureLimit = 10 << 20
    /// The longest drawing, in bytes.
    static let drawingLimit = 2 << 20
    /// How long a picture may take.
    static let time = Duration.seconds(10)

    private static let program = "/usr/bin/chafa"
    /// Where the picture is, inside.
    private static let picture = "/tmp/picture"

    private let sandbox: Sandbox

    /// Finds what it needs.
    /// - Throws: what is missing.
    package init() throws(SandboxProblem) {
        var limits = SandboxLimits()
        limits.processorSeconds = 10
        limits.processes = 16
        limits.fileBytes = 1 << 20
        limits.temporaryBytes = 16 << 20
        sandbox = try Sandbox(limits, program: Self.program, package: "chafa")
    }

    /// The bytes that `chafa` would send to a terminal, which are as untrusted as the picture.
    ///
    /// - Returns: nil where the picture is none, too large, or takes too long.
    /// - Throws: why there is no sandbox.
    package func drawing(
        of picture: [UInt8], columns: Int, rows: Int, colors: Colors
    ) async throws(SandboxProblem) -> [UInt8]? {
        guard picture.count <= Self.pictureLimit, columns > 0, rows > 0 else { return nil }
        let process = try await sandbox.start(
            [
                Self.program, "--format", "symbols", "--symbols", "half", "--colors",
                colors.rawValue, "--size", "\(columns)x\(rows)", "--animate", "off",
                "--threads", "1", Self.picture,
            ], folder: nil, files: [Self.picture: picture])
        let drawing = await withTaskCancellationHandler {
            await Self.read(process.child)
        } onCancel: {
            process.child.end()
        }
        process.child.end()
        _ = await process.ending()
        return drawing
    }

    /// What a program prints until it ends well; nil where it does not, or not in time.
    private static func read(_ child: ChildProcess) async -> [UInt8]? {
        child.closeInput()
        // Both are cancelled and over when this returns.
        async let _ = end(child, after: time)
        async let _ = drainErrors(of: child)
        var drawing: [UInt8] = []
        while let bytes = try? await child.nextOutput() {
            drawing += bytes
            if drawing.count > drawingLimit { return nil }
        }
        return await child.ending().isSuccess ? drawing : nil
    }

    private static func end(_ child: ChildProcess, after time: Duration) async {
        guard (try? await Task.sleep(for: time)) != nil else { return }
        child.end()
    }

    /// What it has to say of a picture helps nobody, but must not fill the pipe.
    private static func drainErrors(of child: ChildProcess) async {
        while (try? await child.nextErrors()) != nil {}
    }
}
