import Schedules
import Testing

@testable import TrainingAPI

@Suite struct CheckpointSpecificationTests {
    private func read(_ json: String) throws -> (CheckpointSpecification?, [String]) {
        var context = DecodingContext()
        let document = try JSONReader.read(Array(json.utf8)).document
        let found = CheckpointSpecification(document, at: .root, &context)
        return (found, context.faults.map { "\($0.pointer): \($0.detail)" })
    }

    @Test(arguments: [
        (#"{}"#, CheckpointSpecification()),
        (#"{"every": {"seconds": 0.5}, "keep": 1}"#, .init(every: .seconds(0.5), keep: 1)),
        (#"{"every": {"epochs": 2}}"#, .init(every: .length(.epochs(2)))),
        (#"{"every": "500ba"}"#, .init(every: .length(.steps(500)))),
    ])
    func `takes seconds or a length`(json: String, expected: CheckpointSpecification) throws {
        let (found, faults) = try read(json)
        #expect(found == expected)
        #expect(faults == [])
        #expect(try read(String(decoding: expected.json(), as: UTF8.self)).0 == expected)
    }

    @Test(arguments: [
        (#"{"every": 30}"#, "/every: 30 has no unit; write {\"seconds\": 30} or {\"steps\": 30}"),
        (#"{"every": {"seconds": 0}}"#, "/every/seconds: must be a number above 0"),
        (#"{"every": {"seconds": 1, "steps": 1}}"#, "/every/steps: every.steps is not a field"),
        (#"{"keep": 0}"#, "/keep: must be a whole number from 1 to"),
    ])
    func `says what to write instead`(json: String, says: String) throws {
        let faults = try read(json).1
        #expect(faults.first?.hasPrefix(says) == true, "\(faults)")
    }
}
