import Testing

@testable import lehr

@Suite struct LiveDisplayTests {
    @Test func `lines take the place of those drawn last`() {
        var display = LiveDisplay()
        #expect(display.text(["a", "b"]) == "\ra\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
        #expect(display.text(["c"]) == "\r\u{1B}[2Ac\u{1B}[K\n\u{1B}[J")
        #expect(display.text(["d"]) == "\r\u{1B}[1Ad\u{1B}[K\n\u{1B}[J")
    }
}
