import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct RequestBodyTests {
    @Test(arguments: [
        ("", "the file is empty", "the file is empty."),
        ("/factor", "must be above 0, not -2", "/factor: must be above 0, not -2."),
        (
            "/a/factor", "factor must be a number above 0, got -2",
            "/a/factor must be a number above 0, got -2."
        ),
        (
            "/changes/schedule/from", "schedule.from is not a field",
            "/changes/schedule/from is not a field."
        ),
        (
            "/from_step", "the rate at step 50 is 0 already",
            "/from_step: the rate at step 50 is 0 already."
        ),
        ("/factor", "factors must be numbers", "/factor: factors must be numbers."),
        ("?limit", "must be 1 to 500, not 0", "?limit: must be 1 to 500, not 0."),
    ])
    func `a fault is told with its place, which no name doubles`(
        pointer: String,
        detail: String,
        sentence: String
    ) {
        let fault = Fault(pointer: pointer, detail: detail, code: .range)
        #expect(RequestBody.invalid([fault]).detail == sentence)
        #expect(
            RequestBody.invalid([fault, fault]).detail
                == "2 values are faulty; the first is \(sentence)"
        )
    }
}
