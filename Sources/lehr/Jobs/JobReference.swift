import TrainingAPI
import TrainingClient

/// A job as people name it: its id, a unique prefix of it, its name, or `@last`.
enum JobReference: Equatable {
    case last
    case id(String)
    case name(String)
    /// A name, or the beginning of an id.
    case nameOrPrefix(String)

    /// A reference that names no job, or several.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a reference; every text is one.
    init(_ text: String) {
        let digits = text.lowercased()
        let isLikeID = digits.allSatisfy { $0.isHexDigit || $0 == "-" }
        if text == "@last" {
            self = .last
        } else if isLikeID, text.count == 36 {
            self = .id(digits)
        } else if isLikeID, text.count >= 4 {
            self = .nameOrPrefix(text)
        } else {
            self = .name(text)
        }
    }

    /// Finds the job.
    ///
    /// The newest of several jobs of one name is meant; a prefix must belong to one job alone.
    func resolve(with client: LehrClient) async throws -> JobBody {
        switch self {
        case .last:
            guard let job = try await client.jobs(JobQuery(limit: 1)).value.items.first else {
                throw Failure(description: "the server has no jobs yet")
            }
            return job
        case .id(let id): return try await client.job(id).value
        case .name(let name):
            guard let job = try await Self.newest(named: name, client) else {
                throw Failure(description: "there is no job called \(name); `lehr list` shows them")
            }
            return job
        case .nameOrPrefix(let text):
            if let job = try await Self.newest(named: text, client) { return job }
            return try await Self.only(withPrefix: text.lowercased(), client)
        }
    }

    private static func newest(named name: String, _ client: LehrClient) async throws -> JobBody? {
        try await client.jobs(JobQuery(name: name, limit: 1)).value.items.first
    }

    private static func only(
        withPrefix prefix: String,
        _ client: LehrClient
    ) async throws -> JobBody {
        var found: [JobBody] = []
        var query = JobQuery(limit: 500)
        repeat {
            let page = try await client.jobs(query).value
            found += page.items.filter { $0.id.hasPrefix(prefix) }
            query.cursor = page.nextCursor
        } while query.cursor != nil && found.count < 2
        switch found.count {
        case 0:
            throw Failure(
                description: "there is no job called \(prefix), and none whose id begins so; "
                    + "`lehr list` shows them"
            )
        case 1: return found[0]
        default:
            throw Failure(
                description: "several ids begin with \(prefix), such as \(found[0].id) and "
                    + "\(found[1].id); write more of it"
            )
        }
    }
}
