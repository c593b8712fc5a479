/// A server that the command line knows by a name.
struct Profile: Codable, Equatable {
    /// The server's address.
    var server: String
    /// The token that the server wants; it is shown to this server alone.
    var token: String?
    /// The path of a file of certificates that are trusted in place of the system's.
    var certificateAuthority: String?

    private enum CodingKeys: String, CodingKey {
        case server, token
        case certificateAuthority = "certificate_authority"
    }

    /// Whether a name can be a profile's: 1 to 64 letters, digits, `.`, `_` and `-`, no sign first.
    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9._-]{0,63}/#) != nil
    }
}

/// The profiles by their names.
struct Profiles: Codable, Equatable {
    /// Why a profile cannot be had or kept.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The profile of commands that name no server; nil where they ask the local one.
    var current: String?
    var profiles: [String: Profile] = [:]

    /// The profile of a name.
    subscript(name: String) -> Profile {
        get throws(Failure) {
            guard let profile = profiles[name] else {
                let known = profiles.keys.sorted()
                throw Failure(
                    description: "there is no profile \(name); "
                        + (known.isEmpty
                            ? "`lehr profiles add NAME --server URL` makes one"
                            : "there are \(known.joined(separator: ", "))")
                )
            }
            return profile
        }
    }

    /// Adds a profile, or changes the one of that name; the first is used from then on.
    mutating func add(_ profile: Profile, as name: String) {
        profiles[name] = profile
        if profiles.count == 1 { current = name }
    }

    /// Removes a profile.
    mutating func remove(_ name: String) throws(Failure) {
        _ = try self[name]
        profiles[name] = nil
        if current == name { current = nil }
    }
}
