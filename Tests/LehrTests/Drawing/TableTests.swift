import Testing

@testable import lehr

@Suite struct TableTests {
    private let table = Table(
        columns: [
            .init(title: "NAME"), .init(title: "STEP", isNumeric: true), .init(title: "STATE"),
        ],
        rows: [
            ["fashion-cosine", "1,434", Table.Cell("failed", .bad)], ["x", "7", "queued"],
        ]
    )

    @Test func `gives each column the width of its widest cell`() {
        #expect(
            table.lines(width: 80, ink: Ink(isColored: false)) == [
                "NAME             STEP  STATE",
                "fashion-cosine  1,434  failed",
                "x                   7  queued",
            ]
        )
    }

    @Test func `cuts the widest text where the line is short`() {
        #expect(
            table.lines(width: 25, ink: Ink(isColored: false)) == [
                "NAME         STEP  STATE",
                "fashion-c…  1,434  failed",
                "x               7  queued",
            ]
        )
    }

    @Test func `colours change no width`() {
        let lines = table.lines(width: 80, ink: Ink(isColored: true))
        #expect(lines[1] == "fashion-cosine  1,434  \u{1B}[31mfailed\u{1B}[0m")
        #expect(
            lines[0]
                == "\u{1B}[2mNAME\u{1B}[0m             \u{1B}[2mSTEP\u{1B}[0m  \u{1B}[2mSTATE\u{1B}[0m"
        )
    }
}
