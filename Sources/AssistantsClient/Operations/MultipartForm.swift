/// A form with a file in it, as bytes.
struct MultipartForm {
    let boundary = "switchboard-" + String.randomName
    private(set) var bytes: [UInt8] = []

    /// The value of `Content-Type`.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// Adds a field.
    mutating func add(_ name: String, _ value: String) {
        begin("form-data; name=\"\(name)\"")
        append("\r\n\(value)\r\n")
    }

    /// Adds a file.
    mutating func add(_ name: String, filename: String, _ content: [UInt8]) {
        begin("form-data; name=\"\(name)\"; filename=\"\(Self.quoted(filename))\"")
        append("Content-Type: application/octet-stream\r\n\r\n")
        bytes += content
        append("\r\n")
    }

    /// Ends the form.
    mutating func finish() { append("--\(boundary)--\r\n") }

    private mutating func begin(_ disposition: String) {
        append("--\(boundary)\r\nContent-Disposition: \(disposition)\r\n")
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }

    /// A name as browsers write it into a form.
    private static func quoted(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": text += "%22"
            case "\r": text += "%0D"
            case "\n": text += "%0A"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
