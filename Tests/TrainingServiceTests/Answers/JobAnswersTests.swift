import Foundation
import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct JobAnswersTests {
    private let answers = JobAnswers()
    private let basis = JobAnswers.Basis(commits: 7, silences: 1)

    @Test func `an answer is given again as long as it would be made from the same`() {
        answers.keep("1", PresentedJob(body: [1], tag: "\"1\""), from: basis)
        #expect(answers.job("1", from: basis)?.body == [1])
        #expect(answers.job("2", from: basis) == nil)
        #expect(answers.job("1", from: nil) == nil)
        #expect(answers.job("1", from: .init(commits: 8, silences: 1)) == nil)
        #expect(answers.job("1", from: .init(commits: 7, silences: 2)) == nil)
    }

    @Test func `an answer made while the store changed is not kept`() {
        answers.keep("1", PresentedJob(body: [1], tag: "\"1\""), from: nil)
        #expect(answers.job("1", from: basis) == nil)
    }

    @Test func `the answer of a job that waits for an instant goes with that instant`() {
        let coming = PresentedJob(body: [1], tag: "\"1\"", end: .distantFuture)
        answers.keep("1", coming, from: basis)
        #expect(answers.job("1", from: basis) != nil)
        let over = PresentedJob(body: [2], tag: "\"2\"", end: .distantPast)
        answers.keep("2", over, from: basis)
        #expect(answers.job("2", from: basis) == nil)
    }

    @Test func `a job is read from the store once for as long as nothing changes`() throws {
        let test = TestService()
        let id = try test.submit()
        let basis = test.service.answerBasis
        #expect(test.service.jobAnswers.job(id.description, from: basis) == nil)
        let first = try test.send(.get, "/v1/jobs/\(id)")
        #expect(test.service.jobAnswers.job(id.description, from: basis)?.body == first.body)
        _ = try test.lease()
        #expect(test.service.jobAnswers.job(id.description, from: test.service.answerBasis) == nil)
        #expect(try test.send(.get, "/v1/jobs/\(id)").document["state"]?.string == "running")
    }
}
