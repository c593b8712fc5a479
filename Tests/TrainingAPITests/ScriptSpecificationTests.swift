import Schedules
import Testing

@testable import TrainingAPI

/// What is wrong with a job in JSON, as pairs of pointer and code, in the order of the report.
private func faults(_ json: String) throws -> [String] {
    let (document, faults) = try JSONReader.read(Array(json.utf8))
    var context = DecodingContext(faults: faults)
    if case .script(let script) = JobWork(document, &context) { _ = script.plan(&context) }
    return context.faults.map { "\($0.pointer) \($0.code.rawValue)" }
}

private func script(_ json: String) throws -> ScriptSpecification? {
    var context = DecodingContext()
    guard
        case .script(let script) = JobWork(try JSONReader.read(Array(json.utf8)).document, &context)
    else { return nil }
    return script
}

private let cosine = #""schedule": {"type": "cosine", "learning_rate": 0.1}"#

@Suite struct ScriptSpecificationTests {
    @Test(arguments: [
        #"{"kind": "external", \#(cosine), "steps": 10}"#,
        #"{"kind": "external", \#(cosine), "epochs": 2, "steps_per_epoch": 5, "name": "n"}"#,
        #"{"kind": "command", "argv": ["python3", "train.py"]}"#,
        #"{"kind": "command", "argv": ["x"], \#(cosine), "steps": 4, "limits": {"cpu_seconds": 9}}"#,
    ])
    func `reads back what it writes`(_ json: String) throws {
        #expect(try faults(json) == [])
        let read = try #require(try script(json))
        let again = try script(String(decoding: read.json(), as: UTF8.self))
        #expect(again == read)
    }

    @Test(arguments: [
        (#"{"kind": "external", "steps": 10}"#, ["/schedule/learning_rate missing"]),
        (#"{"kind": "external", \#(cosine)}"#, ["/steps missing"]),
        (#"{"kind": "external", \#(cosine), "epochs": 3}"#, ["/steps_per_epoch missing"]),
        (#"{"kind": "external", \#(cosine), "steps": 1, "epochs": 3}"#, ["/steps conflict"]),
        (#"{"kind": "external", \#(cosine), "steps": 0}"#, ["/steps range"]),
        (
            #"{"kind": "external", \#(cosine), "steps": 1, "argv": ["x"]}"#,
            ["/argv unknown"]
        ),
        (#"{"kind": "command"}"#, ["/argv missing"]),
        (#"{"kind": "command", "argv": ["x"], "steps": 3}"#, ["/steps conflict"]),
        (#"{"kind": "command", "argv": "x"}"#, ["/argv type"]),
        (
            #"{"kind": "command", "argv": ["x"], "environment": {"A=B": "1"}}"#,
            ["/environment range"]
        ),
        (
            #"{"kind": "command", "argv": ["x"], "limits": {"memory": 5}}"#,
            ["/limits/memory unknown"]
        ),
        (#"{"kind": "dance", "steps": 3}"#, ["/kind range", "/dataset missing", "/model missing"]),
    ])
    func `says what is wrong with a script's job`(_ json: String, _ expected: [String]) throws {
        #expect(try faults(json) == expected)
    }

    @Test func `lets a script's metric have any name`() throws {
        let schedule = """
            {"type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5, "patience": 2,
             "monitor": "val/perplexity"}
            """
        #expect(try faults(#"{"kind": "external", "steps": 10, "schedule": \#(schedule)}"#) == [])
    }

    @Test func `resolves lengths as a preview does where no epoch is given`() throws {
        let read = try #require(try script(#"{"kind": "external", \#(cosine), "steps": 10}"#))
        var context = DecodingContext()
        let plan = try #require(read.plan(&context))
        #expect((plan.totalSteps, plan.stepsPerEpoch) == (10, 1))
        #expect(plan.datasetHash == nil)
    }
}
