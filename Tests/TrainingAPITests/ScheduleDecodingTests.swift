import Schedules
import Testing

@testable import TrainingAPI

@Suite struct ScheduleDecodingTests {
    @Test(arguments: ScheduleSample.least + ScheduleSample.rich)
    func `reads what it writes, and the same text as YAML`(sample: ScheduleSample) throws {
        let (schedule, faults) = try readSchedule(sample.json)
        #expect(faults == [])
        let read = try #require(schedule)
        #expect(try readSchedule(sample.json, as: .yaml).schedule == read)
        let normal = String(decoding: read.json(), as: UTF8.self)
        for format in [BodyFormat.json, .yaml] {
            let again = try readSchedule(normal, as: format)
            #expect(again.faults == [])
            #expect(again.schedule == read, "\(normal)")
        }
    }

    @Test(arguments: ScheduleSample.least)
    func `writes every parameter that does not follow from the run`(
        sample: ScheduleSample
    ) throws {
        let schedule = try #require(try readSchedule(sample.json).schedule)
        let document = try JSONReader.read(schedule.json()).document
        for parameter in schedule.curve.type.parameters {
            if case .derived = parameter.defaultValue {
                #expect(document[parameter.name] == nil, "\(parameter.name)")
            } else {
                #expect(document[parameter.name] != nil, "\(parameter.name)")
            }
        }
    }

    @Test(arguments: ScheduleSample.least)
    func `takes a default that is written out as if it were left out`(
        sample: ScheduleSample
    ) throws {
        let plain = try #require(try readSchedule(sample.json).schedule)
        for parameter in plain.curve.type.parameters {
            guard case .value(let value) = parameter.defaultValue else { continue }
            let text = String(decoding: value.json(), as: UTF8.self)
            let (schedule, faults) = try readSchedule(sample.setting(parameter.name, text).json)
            #expect(faults == [], "\(parameter.name): \(text)")
            #expect(schedule == plain, "\(parameter.name): \(text)")
        }
    }

    @Test func `has a cosine after a warm-up where there is no type`() throws {
        let (schedule, faults) = try readSchedule(#"{"learning_rate": 0.1}"#)
        #expect(faults == [])
        #expect(try schedule == Schedule.standard(learningRate: 0.1))
        let bare = try readSchedule(#"{"learning_rate": 0.1, "warmup": null}"#).schedule
        #expect(bare?.curve == .cosine() && bare?.warmup == nil)
        #expect(try readSchedule(#"{"type": "cosine", "learning_rate": 0.1}"#).schedule == bare)
    }

    @Test func `knows the metric that a part of it follows`() throws {
        let text = #"""
            {"type": "product", "learning_rate": 0.1, "factors": [{"type": "cosine"},
             {"type": "sequence", "phases": [{"type": "greedy", "monitor": "train_loss"}]}]}
            """#
        #expect(try readSchedule(text).schedule?.monitor == "train_loss")
        #expect(try readSchedule(ScheduleSample.least[0].json).schedule?.monitor == nil)
    }
}
