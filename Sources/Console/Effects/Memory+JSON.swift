import Wire

extension Memory {
    /// Reads the file; nil when it is no JSON object. What is missing or wrong in it is as if new.
    init?(bytes: [UInt8]) {
        // Nothing is lost by beginning anew but drafts and places, so damage is no error.
        guard let json = try? JSONValue(parsing: bytes), json.objectValue != nil else { return nil }
        self.init()
        since = json["since"]?.integerValue ?? 0
        lastThread = json["last_thread"]?.stringValue
        assistantID = json["assistant"]?.stringValue
        history = json["history"]?.arrayValue?.compactMap(\.stringValue) ?? []
        layout.isSide = json["layout"]?["side"]?.boolValue ?? false
        layout.isBandHidden = json["layout"]?["band_hidden"]?.boolValue ?? false
        layout.bandGrowth = min(max(json["layout"]?["band_growth"]?.integerValue ?? 0, -8), 40)
        for (id, entry) in json["threads"]?.objectValue ?? [:] {
            threads[id] = ThreadMemory(json: entry)
        }
    }

    /// The file.
    var bytes: [UInt8] {
        var object: JSONObject = ["version": 1, "since": .integer(since)]
        if let lastThread { object["last_thread"] = .string(lastThread) }
        if let assistantID { object["assistant"] = .string(assistantID) }
        object["layout"] = [
            "side": .bool(layout.isSide), "band_hidden": .bool(layout.isBandHidden),
            "band_growth": .integer(layout.bandGrowth),
        ]
        object["history"] = .array(history.map { .string($0) })
        var entries: JSONObject = [:]
        for (id, entry) in threads.sorted(by: { $0.key < $1.key }) { entries[id] = entry.json }
        object["threads"] = .object(entries)
        return JSONValue.object(object).bytes
    }
}

extension Memory.ThreadMemory {
    init(json: JSONValue) {
        self.init()
        draft = json["draft"]?.stringValue ?? ""
        place = json["message"]?.stringValue.map { message in
            Memory.Place(
                message: message, row: max(0, json["row"]?.integerValue ?? 0),
                number: json["number"]?.integerValue.flatMap { $0 >= 0 ? $0 : nil })
        }
        seen = json["seen"]?.integerValue ?? 0
        assistantID = json["assistant"]?.stringValue
        files = (json["files"]?.arrayValue ?? []).prefix(Memory.filesLimit)
            .compactMap(Self.path)
    }

    /// A path is a text, or its bytes where they are none.
    private static func path(_ json: JSONValue) -> [UInt8]? {
        if let text = json.stringValue { return Array(text.utf8) }
        guard let numbers = json.arrayValue else { return nil }
        let bytes = numbers.compactMap { $0.integerValue.flatMap(UInt8.init(exactly:)) }
        return bytes.count == numbers.count ? bytes : nil
    }

    private static func json(_ path: [UInt8]) -> JSONValue {
        String(validating: path, as: UTF8.self).map { .string($0) }
            ?? .array(path.map { .integer(Int($0)) })
    }

    var json: JSONValue {
        var object: JSONObject = [:]
        if !draft.isEmpty { object["draft"] = .string(draft) }
        if let place {
            object["message"] = .string(place.message)
            if place.row != 0 { object["row"] = .integer(place.row) }
            if let number = place.number { object["number"] = .integer(number) }
        }
        if seen != 0 { object["seen"] = .integer(seen) }
        if let assistantID { object["assistant"] = .string(assistantID) }
        if !files.isEmpty { object["files"] = .array(files.map(Self.json)) }
        return .object(object)
    }
}
