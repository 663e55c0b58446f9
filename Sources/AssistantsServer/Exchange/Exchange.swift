import Assistants
import HTTPTypes
import Wire

/// One request whose sender is known, as an endpoint sees it.
struct Exchange: Sendable {
    let service: any AssistantsService
    let caller: Caller
    /// What stands in the path for the endpoint's placeholders, in order.
    let ids: [String]
    let query: Query
    let headers: HTTPFields
    /// The whole body; empty for a form.
    let body: [UInt8]
    /// The form, where the endpoint takes one.
    var form: Form?
    /// What happens in the service, where it tells.
    var feed: EventFeed?
    /// What the process does for others of the same person.
    var host: (any EngineHosting & SavedImporting)?

    /// The body as an object's fields; no body is an empty object.
    func fields() throws(APIError) -> RequestFields {
        if body.isEmpty { return try RequestFields([:]) }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: body, repairing: false)
        } catch {
            throw APIError.invalid(
                "We could not parse the JSON body of your request. (HINT: This likely means you "
                    + "aren't using your HTTP library correctly. The API expects a JSON payload, "
                    + "but what was sent was not valid JSON: \(error.message) at byte "
                    + "\(error.offset).)")
        }
        return try RequestFields(json)
    }

    /// Reads the whole body; what is left over is refused.
    func read<Value>(
        _ read: (inout RequestFields) throws(APIError) -> Value
    ) throws(APIError) -> Value {
        var fields = try fields()
        let value = try read(&fields)
        try fields.finish()
        return value
    }

    /// Whether step details come with the text of what a file search found.
    var includesSearchContent: Bool {
        query.values(of: "include").contains(
            "step_details.tool_calls[*].file_search.results[*].content")
    }
}
