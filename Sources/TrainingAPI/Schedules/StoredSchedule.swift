public import Schedules

/// A named schedule in one of its versions: the body of `GET /v1/schedules/{name}`.
public struct StoredSchedule: Hashable, Sendable {
    /// The names that cannot be given, because paths mean something else by them.
    public static let reservedNames = ["convert", "preview", "types", "versions"]
    /// What a name must be, as it ends the sentence "must be …".
    public static let nameRequirement =
        "up to 100 letters, digits, `.`, `_` and `-` of ASCII, a letter or digit first, other than the words "
        + reservedNames.joined(separator: ", ") + " that paths use"

    /// The schedule's name.
    public var name: String
    /// The version, from 1.
    public var version: Int
    /// SHA-256 of the normalised schedule, in hexadecimal.
    public var hash: String
    /// The schedule.
    public var schedule: RunSchedule
    /// When this version was stored, RFC 3339.
    public var createdAt: String

    /// Makes a stored schedule.
    public init(
        name: String,
        version: Int,
        hash: String,
        schedule: RunSchedule,
        createdAt: String
    ) {
        self.name = name
        self.version = version
        self.hash = hash
        self.schedule = schedule
        self.createdAt = createdAt
    }

    /// Whether a schedule can be stored under `name`.
    public static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let first = name.first.map { $0.isLetter || $0.isNumber } ?? false
        return isPlain && first && name.utf8.count <= 100 && !reservedNames.contains(name)
    }
}

extension StoredSchedule: JSONWritable {
    /// Writes the schedule with its name and version.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("version", version)
            writer.field("hash", hash)
            writer.field("schedule", schedule)
            writer.field("created_at", createdAt)
        }
    }

    /// Reads a stored schedule.
    public init?(_ document: Document) {
        var context = DecodingContext()
        guard let name = document["name"]?.string, let version = document["version"]?.integer,
            let hash = document["hash"]?.string, let content = document["schedule"],
            let schedule = RunSchedule(content, &context),
            let created = document["created_at"]?.string
        else { return nil }
        self.init(
            name: name,
            version: version,
            hash: hash,
            schedule: schedule,
            createdAt: created
        )
    }
}

/// A page of named schedules or of the versions of one, newest first.
public struct StoredSchedulePage: Hashable, Sendable {
    /// The schedules.
    public var items: [StoredSchedule]
    /// What to ask with for the next page; `nil` on the last one.
    public var nextCursor: String?

    /// Reads a page.
    public init?(_ document: Document) {
        guard let items = document["items"]?.array else { return nil }
        let schedules = items.compactMap { StoredSchedule($0) }
        guard schedules.count == items.count else { return nil }
        self.items = schedules
        nextCursor = document["next_cursor"]?.string
    }
}

extension ValueRule<String> {
    /// The name of a stored schedule.
    static let scheduleName = ValueRule(StoredSchedule.nameRequirement, type: "string") {
        document in
        guard let name = document.string else { return (nil, .type) }
        return (StoredSchedule.isName(name) ? name : nil, .range)
    }
}
