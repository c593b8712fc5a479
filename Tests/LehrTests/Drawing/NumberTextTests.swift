import Testing

@testable import lehr

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.1, "0.1"), (0.07131, "0.07131"), (0.071312, "0.07131"), (3.2e-5, "3.2e-5"), (0, "0"),
        (1e-10, "1e-10"), (-0.5, "-0.5"), (9999.4, "9999"), (12_400, "12,400"), (1e20, "1e20"),
        (1.0 / 3, "0.3333"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "-∞"),
    ])
    func `writes a value with four significant digits`(value: Double, text: String) {
        #expect(NumberText.value(value) == text)
    }

    @Test(arguments: [
        (0.0713123, "0.0713"), (-0.000154123, "-0.000154"), (-1.234e-10, "-1.23e-10"),
        (12_345_678, "1.23e7"), (2, "2"),
    ])
    func `a mark beside an axis has at most nine characters`(value: Double, text: String) {
        #expect(NumberText.mark(value) == text)
        #expect(text.count <= 9)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
    ])
    func `sets thousands apart`(value: Int, text: String) {
        #expect(NumberText.count(value) == text)
    }

    @Test(arguments: [
        (0.0, "0 %"), (0.349, "34 %"), (0.9999, "99 %"), (1.0, "100 %"), (1.5, "100 %"),
    ])
    func `says 100 percent only of the whole`(fraction: Double, text: String) {
        #expect(NumberText.percentage(fraction) == text)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (0.44, "0.4 s"), (9.9, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"),
        (59.6, "1 min 00 s"), (63, "1 min 03 s"), (3599, "59 min 59 s"), (7500, "2 h 05 min"),
        (273_600, "3 d 4 h"), (.nan, "?"), (-1, "?"),
    ])
    func `writes a time by its two largest units`(seconds: Double, text: String) {
        #expect(NumberText.duration(seconds: seconds) == text)
    }

    @Test(arguments: [(0.0, "0"), (3.49, "3.4"), (10.0, "10"), (9.999, "9.9")])
    func `counts an epoch only once it is done`(value: Double, text: String) {
        #expect(NumberText.epochs(value) == text)
    }
}
