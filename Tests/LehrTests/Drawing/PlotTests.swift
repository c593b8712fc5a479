import Testing

@testable import lehr

@Suite struct PlotTests {
    @Test func `draws a straight fall between its axes`() {
        let plot = Plot(values: (0...100).map { 1 - Double($0) / 100 })
        #expect(
            plot.lines(width: 31, height: 3) == [
                "        1 ┤⠉⠓⠲⠤⢤⣀⡀",
                "          │      ⠉⠉⠓⠒⠦⢤⣀⣀",
                "        0 ┤             ⠈⠉⠓⠒⠦⢤⣀",
                "          └────────────────────",
                "           0           step 100",
            ]
        )
    }

    @Test func `a constant lies on the ground`() {
        let lines = Plot(values: [0.1, 0.1, 0.1]).lines(width: 19, height: 2)
        #expect(
            lines == [
                "      0.1 ┤", "      0.1 ┤⣀⣀⣀⣀⣀⣀⣀⣀", "          └────────", "           0 step 2",
            ]
        )
    }

    @Test func `a value that is not finite leaves a gap`() {
        var plot = Plot(values: [1, 1, .nan, 1, 1])
        #expect(
            plot.lines(width: 19, height: 2)[1] == "        1 ┤⣀⣀⡀  ⢀⣀⣀"
        )
        plot.curves = [[.init(step: 0, value: .nan)]]
        #expect(plot.lines(width: 19, height: 2) == ["           no values yet"])
    }

    @Test func `equal ratios have equal heights on a logarithmic axis`() {
        var plot = Plot(values: [1, 0.1, 0.01, 0])
        plot.isLogarithmic = true
        plot.steps = 0...2
        let lines = plot.lines(width: 19, height: 3)
        #expect(lines[0].hasPrefix("        1 ┤⠑"))
        #expect(lines[2].hasPrefix("     0.01 ┤"))
        let middle = plot.lines(width: 19, height: 3)[1]
        #expect(middle.contains("⠑⢄") || middle.contains("⠢"))
    }
}
