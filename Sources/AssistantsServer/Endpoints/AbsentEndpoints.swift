import Assistants
import HTTPTypes

/// What the hosted service had and this one has not: 404 with a sentence that says so.
enum AbsentEndpoints {
    static let all: [Endpoint] =
        absent("/v1/uploads", depth: 3, "Uploads in parts are not served here: use /v1/files.")
        + absent("/v1/batches", depth: 2, "Batches are not served here: send each request itself.")

    private static func absent(_ path: String, depth: Int, _ sentence: String) -> [Endpoint] {
        (0..<depth).flatMap { depth in
            let whole = path + (0..<depth).map { "/{part\($0)}" }.joined()
            return [HTTPRequest.Method.get, .post, .delete].map { method in
                Endpoint(method, whole, needsBeta: false) { (_) throws(APIError) in
                    throw APIError(status: 404, message: sentence)
                }
            }
        }
    }
}
