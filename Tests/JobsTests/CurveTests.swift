import Jobs
import Testing

@Suite struct CurveTests {
    private func chunk(_ steps: Range<Int>) -> SeriesChunk {
        SeriesChunk(series: "loss", steps: steps, count: steps.count, payload: [])
    }

    @Test func `a run counts up to where the next one resumed`() {
        let curve = Curve([(1, 0), (2, 50)])
        #expect(curve.segment(chunk(40..<60), under: 1, in: 0..<1_000)?.steps == 40..<50)
        #expect(curve.segment(chunk(50..<60), under: 1, in: 0..<1_000) == nil)
        #expect(curve.segment(chunk(50..<60), under: 2, in: 0..<1_000)?.steps == 50..<60)
    }

    @Test func `a run that resumed further back takes the place of all before it`() {
        let curve = Curve([(1, 0), (2, 80), (3, 20)])
        #expect(curve.segment(chunk(0..<100), under: 1, in: 0..<1_000)?.steps == 0..<20)
        #expect(curve.segment(chunk(80..<100), under: 2, in: 0..<1_000) == nil)
        #expect(curve.parts.map(\.fence) == [1, 3])
    }

    @Test func `a run from the start leaves nothing of the earlier ones`() {
        let curve = Curve([(1, 0), (2, 0)])
        #expect(curve.parts.map(\.fence) == [2])
    }

    @Test func `shows only what was asked for`() {
        let curve = Curve([(1, 0)])
        #expect(curve.segment(chunk(10..<20), under: 1, in: 15..<17)?.steps == 15..<17)
        #expect(curve.segment(chunk(10..<20), under: 1, in: 20..<30) == nil)
        #expect(curve.segment(chunk(10..<20), under: 7, in: 0..<30) == nil)
    }
}
