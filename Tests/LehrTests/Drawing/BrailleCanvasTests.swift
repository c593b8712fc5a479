import Testing

@testable import lehr

@Suite struct BrailleCanvasTests {
    @Test(arguments: [
        (0, 0, "⡀"), (1, 0, "⢀"), (0, 1, "⠄"), (1, 1, "⠠"), (0, 2, "⠂"), (1, 2, "⠐"), (0, 3, "⠁"),
        (1, 3, "⠈"), (2, 0, " "), (0, 4, " "), (-1, 0, " "),
    ])
    func `a dot has its place, counted from the bottom left`(x: Int, y: Int, text: String) {
        var canvas = BrailleCanvas(columns: 1, rows: 1)
        canvas.set(x: x, y: y)
        #expect(canvas.rows == [text])
    }

    @Test func `a line joins its ends without gaps`() {
        var canvas = BrailleCanvas(columns: 2, rows: 2)
        canvas.line(fromX: 0, y: 0, toX: 3, y: 7)
        #expect(canvas.rows == [" ⡜", "⡜ "])
    }
}
