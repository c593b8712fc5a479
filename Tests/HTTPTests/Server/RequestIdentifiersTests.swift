import Testing

@testable import HTTP

@Suite struct RequestIdentifiersTests {
    @Test func `counts behind the digits of server and shard`() {
        var identifiers = RequestIdentifiers(instance: Array("0123abcd".utf8), shard: 0x2F)
        #expect(identifiers.next() == "0123abcd2f000000000001")
        for _ in 0..<0x1A { _ = identifiers.next() }
        #expect(identifiers.next() == "0123abcd2f00000000001c")
    }
}
