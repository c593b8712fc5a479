/// The file of a server's tokens.
///
/// A line is `NAME SCOPES sha256:DIGEST [rate=REQUESTS-PER-SECOND]`, the scopes with commas between
/// them; empty lines and those that begin with `#` are passed over. `lehrd token` makes a line.
package enum TokenFile {
    /// A line that cannot be understood.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// The line, from 1.
        let line: Int
        let detail: String

        /// What is wrong, as a sentence without its full stop.
        package var description: String { "line \(line): \(detail)" }
    }

    /// Reads a file's text.
    package static func read(_ text: String) throws(Failure) -> [AccessToken] {
        var tokens: [AccessToken] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let token = try Self.token(words, line: index + 1)
            if let other = tokens.first(where: { $0.name == token.name }) {
                throw Failure(line: index + 1, detail: "the name \(other.name) stands twice")
            }
            tokens.append(token)
        }
        return tokens
    }

    /// The line of a token.
    package static func line(_ token: AccessToken) -> String {
        let scopes = Scope.allCases.filter(token.scopes.contains).map(\.rawValue)
        let digest = Digest.hexadecimal(token.digest)
        let rate = token.requestsPerSecond.map { " rate=\($0)" } ?? ""
        return "\(token.name) \(scopes.joined(separator: ",")) sha256:\(digest)\(rate)"
    }

    /// Whether a name may stand in a file: 1 to 64 letters, digits, `-`, `_`, `.` and `@`.
    package static func isName(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
                    || "-_.@".unicodeScalars.contains($0)
            }
    }

    private static func token(_ words: [Substring], line: Int) throws(Failure) -> AccessToken {
        guard (3...4).contains(words.count) else {
            let detail = "a token is NAME SCOPES sha256:DIGEST, got \(words.count) words"
            throw Failure(line: line, detail: detail)
        }
        guard isName(words[0]) else {
            let detail = "a name has 1 to 64 letters, digits and -_.@, got \"\(words[0])\""
            throw Failure(line: line, detail: detail)
        }
        var scopes: Set<Scope> = []
        for word in words[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let scope = Scope(rawValue: String(word)) else {
                let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
                let detail = "\"\(word)\" is not a scope; known are \(known)"
                throw Failure(line: line, detail: detail)
            }
            scopes.insert(scope)
        }
        guard let digest = digest(words[2]) else {
            let detail = "the digest is sha256: and 64 hexadecimal digits; lehrd token makes it"
            throw Failure(line: line, detail: detail)
        }
        var token = AccessToken(name: String(words[0]), scopes: scopes, digest: digest)
        if words.count == 4 {
            guard words[3].hasPrefix("rate="), let rate = Int(words[3].dropFirst(5)), rate > 0
            else {
                let detail = "the fourth word is rate= and a whole number, got \"\(words[3])\""
                throw Failure(line: line, detail: detail)
            }
            token.requestsPerSecond = rate
        }
        return token
    }

    private static func digest(_ word: Substring) -> [UInt8]? {
        guard word.hasPrefix("sha256:") else { return nil }
        let digits = word.dropFirst(7).utf8.compactMap {
            Character(Unicode.Scalar($0)).hexDigitValue
        }
        guard digits.count == 64, word.utf8.count == 71 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
