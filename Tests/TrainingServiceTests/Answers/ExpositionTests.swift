import Testing

@testable import TrainingService

@Suite struct ExpositionTests {
    private func text(_ format: Exposition.Format) -> String {
        var text = Exposition(format)
        text.gauge("jobs", "Jobs by state.", [([("state", "a\"b\\c\nd")], 2), ([], 0.5)])
        text.counter("reports", "Reports.", [([], 3)])
        return String(decoding: text.finished(), as: UTF8.self)
    }

    @Test func `writes the Prometheus text format`() {
        #expect(
            text(.prometheus) == #"""
                # HELP jobs Jobs by state.
                # TYPE jobs gauge
                jobs{state="a\"b\\c\nd"} 2
                jobs 0.5
                # HELP reports_total Reports.
                # TYPE reports_total counter
                reports_total 3

                """#
        )
    }

    @Test func `writes OpenMetrics with its names of counters and its end`() {
        #expect(
            text(.openMetrics) == #"""
                # HELP jobs Jobs by state.
                # TYPE jobs gauge
                jobs{state="a\"b\\c\nd"} 2
                jobs 0.5
                # HELP reports Reports.
                # TYPE reports counter
                reports_total 3
                # EOF

                """#
        )
    }

    @Test(arguments: [
        (nil as String?, Exposition.Format.prometheus), ("*/*", .prometheus),
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3,*/*;q=0.1",
            .openMetrics
        ),
        ("application/openmetrics-text;q=0.2, text/plain;q=0.7", .prometheus),
    ])
    func `follows the scraper's Accept field`(accept: String?, format: Exposition.Format) {
        #expect(Exposition.Format(accept: accept) == format)
    }
}
