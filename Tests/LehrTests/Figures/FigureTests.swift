import Testing

@testable import lehr

@Suite struct FigureTests {
    private let figure = Figure(
        title: "a < b",
        curves: [
            .init(
                label: "falls",
                points: (0..<2000).map { .init(step: $0, value: 1 - Double($0) / 2000) }
            ),
            .init(
                label: "stays",
                points: [.init(step: 0, value: 0.5), .init(step: 1999, value: 0.5)]
            ),
        ],
        steps: 0...1999
    )

    @Test func `axes have round marks that hold the values`() {
        let axis = FigureAxis(from: 0.003, to: 0.1, isPadded: true)
        #expect(axis.ticks.map(\.text) == ["0", "0.02", "0.04", "0.06", "0.08", "0.1"])
        let decades = FigureAxis(logarithmsFrom: -4.2, to: -1)
        #expect(decades.ticks.map(\.text) == ["1e-5", "0.0001", "0.001", "0.01", "0.1"])
    }

    @Test func `SVG names the curves, in both appearances`() {
        let svg = figure.svg()
        #expect(svg.contains("<title>a &lt; b</title>"))
        #expect(svg.contains(">falls</text>") && svg.contains(">stays</text>"))
        #expect(svg.contains("prefers-color-scheme: dark"))
        #expect(svg.utf8.count < 100_000)
    }

    @Test func `PNG has its signature, its size and ink where the curve is`() {
        let png = figure.png()
        #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(Array(png[16..<20]) == [0, 0, 7, 128])
        var raster = Raster(width: 8, height: 8, .init(0xFFFFFF))
        raster.draw([(0, 4), (8, 4)], thickness: 2, .init(0x000000))
        let greys = (0..<8).map { raster.bytes[($0 * 8 + 4) * 3] }
        #expect(greys == [255, 255, 255, 0, 0, 255, 255, 255])
    }

    @Test func `a kind takes its own fields in brackets`() throws {
        let kind = try PreviewKind("step(every=30%, factor=0.5, warmup=5%)")
        #expect(
            kind.assignments.map { $0.path.joined(separator: ".") } == [
                "schedule.type", "schedule.every", "schedule.factor", "schedule.warmup.length",
            ]
        )
    }
}
