import Testing

@testable import lehr

@Suite struct SparklineTests {
    @Test(
        arguments: [
            ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
            ([1, 0], "█▁"),
            ([5, 5, 5], "▁▁▁"),
            ([0, .nan, 1], "▁ █"),
            ([.nan, .infinity], "  "),
            ([], ""),
        ] as [([Double], String)]
    )
    func `draws from the smallest value to the largest`(values: [Double], text: String) {
        #expect(Sparkline.text(values, width: 40) == text)
    }

    @Test func `a character stands for the mean of its share`() {
        #expect(Sparkline.text([0, 0, 10, 0, 10, 10], width: 3) == "▁▅█")
    }
}
