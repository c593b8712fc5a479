import Schedules
import Testing

@Suite struct ComposerTests {
    private func rates(
        _ name: String,
        _ parameters: [String: LibraryValue],
        ratio: Double = 1,
        _ steps: Int = 20
    ) throws -> [Double] {
        try LibrarySchedule(
            library: .composer,
            name: name,
            parameters: parameters,
            learningRate: 1
        ).preview(
            steps: steps,
            clock: LibraryClock(maximumDuration: "20ba", batchesPerEpoch: 5, scaleRatio: ratio)
        ).learningRates
    }

    @Test func `a scaled warm-up is steeper and ends at the unscaled time`() throws {
        let parameters: [String: LibraryValue] = ["t_warmup": "4ba", "milestones": []]
        let plain = try rates("MultiStepWithWarmupScheduler", parameters, ratio: 0.5, 6)
        let scaled = try rates(
            "MultiStepWithWarmupScheduler",
            parameters.merging(["scale_warmup": true]) { $1 },
            ratio: 0.5,
            6
        )
        #expect(plain == [0, 0.25, 0.5, 0.75, 1, 1])
        #expect(scaled == [0, 0.5, 1, 1, 1, 1])
    }

    @Test func `a constant after a warm-up is held past t_max, a bare one is not`() throws {
        #expect(try rates("ConstantScheduler", ["alpha": 0.5, "t_max": "2ep"]).last == 1)
        #expect(
            try rates("ConstantWithWarmupScheduler", ["t_warmup": "1ep", "alpha": 0.5], 30).last
                == 0.5
        )
    }

    @Test func `a total before the end of the run is refused where there is a warm-up`() {
        #expect(
            refusal { try rates("LinearWithWarmupScheduler", ["t_warmup": "1ep", "t_max": "3ep"]) }
                == "params: ValueError: t_max, 15 batches, must not be below max_duration, 20 batches"
        )
    }

    @Test func `a warm-up as long as the total goes on at the start value`() throws {
        let rates = try rates(
            "LinearWithWarmupScheduler",
            ["t_warmup": "20ba", "alpha_i": 0.8],
            25
        )
        #expect(agree(rates[10], 0.4))
        #expect(rates[22] == 0.8)
    }
}
