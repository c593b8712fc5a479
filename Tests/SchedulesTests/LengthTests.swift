import Foundation
import Schedules
import Testing

@Suite struct LengthTests {
    @Test(arguments: [
        (Length.steps(500), 500), (.epochs(5), 500), (.epochs(0.125), 13), (.epochs(0.124), 12),
        (.fraction(0.1), 100), (.fraction(0.0005), 1), (.fraction(0.0001), 1), (.epochs(0.025), 3),
        (.fraction(1), 1000), (.epochs(1e300), Int.max),
    ])
    func `becomes whole steps, rounded half up and at least 1`(length: Length, steps: Int) throws {
        #expect(length.steps(in: try makeRun(1000, stepsPerEpoch: 100)) == steps)
    }

    @Test(arguments: [
        ("500ba", Length.steps(500)), ("5ep", .epochs(5)), ("2.5ep", .epochs(2.5)),
        ("0.1dur", .fraction(0.1)), ("10%", .fraction(0.1)), ("1e3ba", .steps(1000)),
    ])
    func `reads the short forms`(text: String, length: Length) {
        #expect(Length(parsing: text) == length)
    }

    @Test(arguments: [
        "", "5", "ba", "-5ba", "0ba", "2.5ba", "1.1dur", "0ep", "nanep", "infep", "5 ep", "110%",
        "+5ba",
    ])
    func `refuses what is no length`(text: String) {
        #expect(Length(parsing: text) == nil)
    }

    @Test(arguments: [Length.steps(7), .epochs(2.5), .epochs(3), .fraction(0.05)])
    func `reads back what it prints and what it encodes`(length: Length) throws {
        #expect(Length(parsing: length.description) == length)
        let data = try JSONEncoder().encode(length)
        #expect(try JSONDecoder().decode(Length.self, from: data) == length)
    }

    @Test(arguments: [
        "{}", "{\"steps\": 1, \"epochs\": 2}", "5", "{\"steps\": 2.5}", "\"5 epochs\"",
    ])
    func `refuses other written forms`(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Length.self, from: Data(json.utf8))
        }
    }

    @Test(arguments: [(0, 1), (1, 0), (-5, 1)])
    func `a run has at least one step and one step per epoch`(total: Int, perEpoch: Int) {
        #expect(throws: ScheduleError.self) {
            try Run(totalSteps: total, stepsPerEpoch: perEpoch)
        }
    }
}
