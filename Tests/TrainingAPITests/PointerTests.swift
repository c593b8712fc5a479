import Testing

@testable import TrainingAPI

@Suite struct PointerTests {
    @Test func `is written as RFC 6901 says and as people do`() {
        let place = Pointer.root.appending("phases").appending(2).appending("a/b~c")
        #expect(place.description == "/phases/2/a~1b~0c")
        #expect(place.path == "phases.2.a/b~c")
        #expect(place.names == ["phases", "2", "a/b~c"])
        #expect(Pointer.root.description == "")
        #expect(Pointer.root.path == "")
        #expect(Pointer.root.appending("").description == "/")
    }
}
