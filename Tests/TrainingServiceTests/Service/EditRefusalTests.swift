import HTTP
import Testing
import TrainingAPI

@testable import TrainingService

/// What is said of an edit that cannot be.
@Suite struct EditRefusalTests {
    private let test = TestService()

    /// The faults of an edit as `POINTER: DETAIL`, as a reader puts them together.
    private func faults(_ edit: String) throws -> [String] {
        let id = try test.submit()
        let response = try test.send(
            .post,
            "/v1/jobs/\(id)/schedule-edits",
            fields: ["Content-Type": "application/json", "If-Match": "*"],
            body: edit
        )
        #expect(response.status == .unprocessableContent)
        return (try response.document["errors"]?.array ?? []).map {
            "\($0["pointer"]?.string ?? ""): \($0["detail"]?.string ?? "")"
        }
    }

    @Test(arguments: [
        (
            #"{"veto_reduction_at": 0}"#,
            "/veto_reduction_at: there is no reduction to undo at step 0"
        ),
        (
            #"{"schedule": {"type": "cosine", "learning_rate": 0.1, "floor": 0.2}}"#,
            "/schedule/floor: 0.2 is above the learning_rate, 0.1"
        ),
    ])
    func `a conflict names its field once`(edit: String, fault: String) throws {
        #expect(try faults(edit) == [fault])
    }
}
