import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct ProblemMappingTests {
    @Test(arguments: [
        (JobStoreError.Code.leaseLost, 409, "/problems/lease_lost"),
        (.notFound, 404, "/problems/not_found"),
        (.conflict(allowed: [.retry]), 409, "/problems/conflict"),
        (.outOfOrder, 409, "/problems/out_of_order"), (.noSpace, 507, "/problems/no_space"),
        (.unavailable, 503, "/problems/unavailable"), (.corrupt, 503, "/problems/unavailable"),
        (.newerSchema, 503, "/problems/unavailable"), (.locked, 503, "/problems/unavailable"),
    ])
    func `gives each fault of the store its status`(
        code: JobStoreError.Code,
        status: Int,
        type: String
    ) {
        let error = JobStoreError(code: code, operation: "act", detail: "this went wrong")
        let problem = Problem(mapping: error)
        #expect(problem.status == status)
        #expect(problem.detail == "This went wrong.")
        #expect(problem.type == type)
    }

    @Test func `lists the actions that a job's state allows`() {
        let error = JobStoreError(
            code: .conflict(allowed: [.resume, .cancel]),
            operation: "act",
            detail: "no"
        )
        #expect(Problem(mapping: error).allowedActions == ["resume", "cancel"])
    }

    @Test func `leaves a problem as it is and hides nothing of another error`() {
        let problem = Problem(status: 418, detail: "Tea.")
        #expect(Problem(mapping: problem) == problem)
        let other = Problem(mapping: CurveCoding.CorruptCurve())
        #expect(other.status == 500)
        #expect(other.detail == "a stored piece of a curve cannot be read")
    }
}
