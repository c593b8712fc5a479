import Testing

@testable import lehr

@Suite struct PreviewViewTests {
    @Test func `draws the curve under what it comes to`() {
        let rates = (0..<5).map { 0.1 - Double($0) * 0.025 }
        let view = PreviewView(title: "linear", learningRates: rates)
        #expect(
            view.lines(.sized(31, 12)) == [
                "linear  5 steps, first 0.1, peak 0.1 at step 0, last 0, mean 0.05",
                "",
                "      0.1 ┤⠉⠒⠤⢄⡀",
                "          │    ⠈⠉⠒⠢⠤⢄⣀",
                "          │           ⠉⠒⠤⣀⡀",
                "        0 ┤               ⠈⠑⠒⠤⣀",
                "          └────────────────────",
                "           0             step 4",
            ]
        )
    }

    @Test func `shows a momentum that moves and what happens on the way`() {
        var view = PreviewView(title: "one_cycle", learningRates: [1, 2])
        view.momenta = [0.9, 0.85]
        view.events = [.init(step: 1200, text: "best 0.3 not beaten for 5 reports")]
        let lines = view.lines(.sized(80, 24))
        #expect(lines.contains("momentum"))
        #expect(lines.contains { $0.hasPrefix("     0.85 ┤") })
        #expect(lines.last == "step 1,200  best 0.3 not beaten for 5 reports")
    }
}
