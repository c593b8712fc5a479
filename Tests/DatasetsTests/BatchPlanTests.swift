import Datasets
import Testing

@Suite struct BatchPlanTests {
    @Test(arguments: [
        (rows: 54_000, batchSize: 128, dropLast: false, steps: 422),
        (54_000, 128, true, 421),
        (256, 128, false, 2),
        (5, 8, false, 1),
    ])
    func `cuts an epoch into batches`(rows: Int, batchSize: Int, dropLast: Bool, steps: Int) throws
    {
        let plan = try BatchPlan(rows: rows, batchSize: batchSize, dropLast: dropLast)
        #expect(plan.stepsPerEpoch == steps)
        let places = (0..<steps).flatMap { Array(plan.places(ofBatch: $0)) }
        #expect(places == Array(0..<(dropLast ? steps * batchSize : rows)))
    }

    @Test(arguments: [
        (batchSize: 9, says: "batch_size 9 is larger than the 8 training rows, and drop_last"),
        (0, "batch_size must be at least 1, got 0"),
    ])
    func `refuses an epoch without a batch`(batchSize: Int, says: String) {
        let error = #expect(throws: DatasetError.self) {
            try BatchPlan(rows: 8, batchSize: batchSize, dropLast: true)
        }
        #expect(error?.description.contains(says) == true)
    }
}
