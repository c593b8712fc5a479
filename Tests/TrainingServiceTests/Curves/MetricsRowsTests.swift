import Testing

@testable import TrainingService

@Suite struct MetricsRowsTests {
    private func rows(
        _ format: MetricsRows.Format,
        names: [String] = ["loss", "rate"],
        pieceSize: Int = 2
    ) -> String {
        var rows = MetricsRows(
            format: format,
            names: names,
            curves: [
                ("rate", Curve(steps: [0, 1, 2], values: [0.5, 0.25, 1e-7])),
                ("loss", Curve(steps: [1, 2, 4], values: [2, .nan, -.infinity])),
            ],
            stepsPerEpoch: 4
        )
        var text = ""
        while case let piece = rows.next(pieceSize), !piece.isEmpty {
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }

    @Test(arguments: [1, 2, 3, 100])
    func `writes a line of CSV per step, blank where a curve has no value`(pieceSize: Int) {
        #expect(
            rows(.csv, pieceSize: pieceSize)
                == "step,epoch,loss,rate\r\n0,0,,0.5\r\n1,0.25,2,0.25\r\n2,0.5,NaN,1e-07\r\n"
                + "4,1,NaN,\r\n"
        )
    }

    @Test func `writes an object of NDJSON per step, null where a value is not finite`() {
        #expect(
            rows(.ndjson) == """
                {"step":0,"epoch":0,"rate":0.5}
                {"step":1,"epoch":0.25,"loss":2,"rate":0.25}
                {"step":2,"epoch":0.5,"loss":null,"rate":1e-07}
                {"step":4,"epoch":1,"loss":null}

                """
        )
    }

    @Test func `has a column for a curve without points`() {
        #expect(rows(.csv, names: ["none"]) == "step,epoch,none\r\n")
        #expect(rows(.ndjson, names: ["none"]).isEmpty)
    }

    @Test func `quotes a name that CSV would read otherwise`() {
        #expect(rows(.csv, names: [#"a,"b""#]) == "step,epoch,\"a,\"\"b\"\"\"\r\n")
    }
}
