import Testing

@testable import lehr

@Suite struct ProgressBarTests {
    @Test(arguments: [
        (0.0, "──────────"), (0.04, "──────────"), (0.05, "╸─────────"), (0.5, "━━━━━─────"),
        (0.99, "━━━━━━━━━╸"), (1.0, "━━━━━━━━━━"), (7.0, "━━━━━━━━━━"), (-1.0, "──────────"),
    ])
    func `fills by half a character`(fraction: Double, text: String) {
        #expect(ProgressBar.text(fraction, width: 10) == text)
    }
}
