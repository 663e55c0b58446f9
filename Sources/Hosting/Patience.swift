import Assistants
import AssistantsEngine
import Glibc

/// How long a process that has the directory is waited for, and each of its answers.
struct Patience {
    private let start = ContinuousClock.now
    /// How long the next answer is waited for: one that is ending never gives any, one that is busy
    /// gives it late.
    private(set) var answer = Duration.milliseconds(500)

    /// For one that listens nowhere: it begins, or ends, or lets nobody join.
    private static let deaf = Duration.seconds(6)
    /// For one that listens and does not answer.
    private static let silent = Duration.seconds(30)
    private static let longestAnswer = Duration.seconds(8)

    /// Marks a process that took the request and gave no answer.
    static let silentCode = "no_answer"
    /// The reason of an error that such a process leads to.
    static let silentReason = "It does not answer; is it suspended?"

    /// Waits longer for the next answer.
    mutating func grow() { answer = min(answer * 2, Self.longestAnswer) }

    /// Whether it is worth to try again.
    mutating func goesOn(after error: EngineError) -> Bool {
        guard case .hosted(let holder) = error.kind else { return false }
        grow()
        let waited = start.duration(to: .now)
        switch error.reason {
        case "": return waited < Self.deaf
        case Self.silentReason:
            return waited < Self.silent && holder.map(Self.isSuspended) != true
        default: return false
        }
    }

    /// Whether a process was stopped, as by Ctrl-Z.
    private static func isSuspended(_ process: Int) -> Bool {
        let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(descriptor, &bytes, bytes.count)
        // `PID (NAME) STATE …`, and a name may hold anything.
        guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")),
            end + 2 < count
        else { return false }
        return bytes[end + 2] == UInt8(ascii: "T")
    }

    /// Does something with whoever has the directory, as long as an answer is waited for.
    func limited<Result: Sendable>(
        _ work: @escaping @Sendable () async throws(APIError) -> Result
    ) async throws(APIError) -> Result {
        let answer = answer
        let first = await withTaskGroup(of: Swift.Result<Result, APIError>?.self) { group in
            group.addTask {
                do throws(APIError) {
                    return .success(try await work())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                // Cancelled when the answer is there.
                try? await Task.sleep(for: answer)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let first { return try first.get() }
        throw APIError(status: 503, code: Self.silentCode, message: Self.silentReason)
    }
}
