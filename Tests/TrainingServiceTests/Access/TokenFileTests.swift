import Testing

@testable import TrainingService

private let digest = String(repeating: "a0", count: 32)

@Suite struct TokenFileTests {
    @Test func `reads what it wrote, and passes over comments`() throws {
        var token = AccessToken("secret", name: "ann@lab", scopes: [.read, .worker])
        token.requestsPerSecond = 20
        let other = AccessToken("another", name: "node-7", scopes: [.admin])
        let text = "# people\n\n\(TokenFile.line(token))\r\n  \(TokenFile.line(other))\n"
        #expect(try TokenFile.read(text) == [token, other])
        #expect(TokenFile.line(token).hasPrefix("ann@lab read,worker sha256:"))
        #expect(!text.contains("secret"))
    }

    @Test func `makes secrets that differ and hold 256 bits`() {
        let secrets = (0..<100).map { _ in AccessToken.makeSecret() }
        #expect(Set(secrets).count == 100)
        #expect(secrets.allSatisfy { $0.hasPrefix("lehr_") && $0.utf8.count == 48 })
    }

    @Test(arguments: [
        ("ann", "1 words"), ("ann read", "2 words"), ("a/b read sha256:\(digest)", "a/b"),
        ("ann all sha256:\(digest)", "all"), ("ann read, sha256:\(digest)", "not a scope"),
        ("ann read \(digest)", "sha256:"), ("ann read sha256:\(digest)0", "64"),
        ("ann read sha256:\(digest.dropLast())g", "64"),
        ("ann read sha256:\(digest) rate=0", "rate="), ("ann read sha256:\(digest) fast", "fast"),
        ("ann read sha256:\(digest) rate=1 x", "5 words"),
    ])
    func `names the line and what is wrong in it`(line: String, word: String) throws {
        let failure = #expect(throws: TokenFile.Failure.self) {
            try TokenFile.read("# one\n\(line)\n")
        }
        #expect(failure?.description.hasPrefix("line 2: ") == true)
        #expect(failure?.description.contains(word) == true, "\(String(describing: failure))")
    }

    @Test func `refuses a name that stands twice`() throws {
        let line = TokenFile.line(AccessToken("a", name: "ann", scopes: [.read]))
        #expect(throws: TokenFile.Failure.self) { try TokenFile.read("\(line)\n\(line)\n") }
    }
}
