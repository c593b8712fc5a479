import Schedules
import Testing

@testable import TrainingAPI

@Suite struct ScheduleRefusalTests {
    @Test func `keeps the limits of a length in its short form`() throws {
        for text in ["1000000001ba", "1000001ep", "1.5dur", "101%"] {
            let sample = ScheduleSample(type: "noam", fields: ["rise": "\"\(text)\""])
            #expect(try readSchedule(sample.json).schedule == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("[1, 0]", "/milestones/epochs/1 range"), ("[1, \"2\"]", "/milestones/epochs/1 type"),
    ])
    func `names an item of lengths with one unit by its own pointer`(
        items: String,
        fault: String
    ) throws {
        let fields = ["milestones": "{\"epochs\": \(items)}"]
        let sample = ScheduleSample(type: "multi_step", fields: fields)
        #expect(try readSchedule(sample.json).faults == [fault])
    }
}
