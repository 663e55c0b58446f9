/// Cuts a file of JSON into its objects while it is read, so that it may be larger than memory.
///
/// A file is a list of the API (`{"object":"list","data":[…]}`), a bare array, or one object after
/// the other (NDJSON, or a single one). What surrounds the objects is passed over.
struct JSONSplitter {
    /// Why a file cannot be cut.
    struct Failure: Error, Hashable {
        var message: String
    }

    /// The most bytes of one object.
    static let objectLimit = 256 << 20

    /// Whether the objects come from a list of the API, which has the newest first.
    private(set) var isList = false

    /// Deeper than anything lies.
    private static let nothing = Int.max
    /// How deep the objects lie: 0 for one after the other, 1 in an array, 2 in a list's data.
    private var level = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var object: [UInt8] = []
    /// What the last string at the top of an object says, while it may be `data`.
    private var name: [UInt8] = []
    private var isDataNext = false
    /// Whether something stands outside of any object that is no object.
    private var hasStray = false

    /// Takes in more bytes and gives the objects that are complete.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(Failure) -> [[UInt8]] {
        var objects: [[UInt8]] = []
        for byte in bytes {
            if isInString {
                takeText(byte)
            } else {
                take(byte, &objects)
            }
            if object.count > Self.objectLimit {
                throw Failure(message: "An object is larger than \(Self.objectLimit >> 20) MiB.")
            }
            if depth > 1024 { throw Failure(message: "Objects lie too deep in each other.") }
        }
        return objects
    }

    /// Says whether the file ended in the middle of something, or had more than objects in it.
    func finish() throws(Failure) {
        if depth > 0 || isInString {
            throw Failure(message: "The file ends in the middle of an object.")
        }
        if hasStray {
            throw Failure(message: "The file has something in it that is no JSON object.")
        }
    }

    private mutating func takeText(_ byte: UInt8) {
        if depth > level { object.append(byte) }
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        } else if depth == 1, level == 0, name.count < 5 {
            name.append(byte)
        }
    }

    private mutating func take(_ byte: UInt8, _ objects: inout [[UInt8]]) {
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            name = []
            isDataNext = false
            if depth > level { object.append(byte) }
            if depth == 0 { hasStray = true }
        case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): close(byte, &objects)
        case UInt8(ascii: ":"):
            isDataNext = depth == 1 && level == 0 && name == Array("data".utf8)
            if depth > level { object.append(byte) }
        case 0x20, 0x09, 0x0A, 0x0D:
            if depth > level { object.append(byte) }
        default:
            isDataNext = false
            if depth > level { object.append(byte) }
            // A mark of the byte order is nothing.
            if depth == 0, byte != UInt8(ascii: ","), ![0xEF, 0xBB, 0xBF].contains(byte) {
                hasStray = true
            }
        }
    }

    private mutating func open(_ byte: UInt8) {
        if depth == 0, byte == UInt8(ascii: "[") {
            level = 1
        } else if isDataNext, byte == UInt8(ascii: "[") {
            // The objects lie in the list's data; what came before of the list is not needed.
            level = 2
            isList = true
            object = []
        } else if depth >= level {
            object.append(byte)
        }
        isDataNext = false
        depth += 1
    }

    private mutating func close(_ byte: UInt8, _ objects: inout [[UInt8]]) {
        isDataNext = false
        depth = max(0, depth - 1)
        if depth >= level, !object.isEmpty {
            object.append(byte)
            if depth == level {
                objects.append(object)
                object = []
            }
        } else if depth < level {
            // Behind the data of a list its other members follow, which are passed over.
            level = Self.nothing
            object = []
        }
        if depth == 0 { level = 0 }
    }
}
