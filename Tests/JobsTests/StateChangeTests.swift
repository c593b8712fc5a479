import Foundation
import Testing

@testable import Jobs

/// Changes of state as they are stored.
@Suite struct StateChangeTests {
    @Test(
        arguments: [
            nil, "", "plain", #"a "quoted" \ one"#, "line\nand\ttab", "\u{0}\u{1f}", "naïve 日本 🙂",
            "/slash", "\u{7f}\u{2028}",
        ] as [String?]
    )
    func `the text of a change is that change`(text: String?) throws {
        var job = JobRecord(submission(1))
        job.attempt = 3
        job.crashes = 2
        job.fence = 41
        job.step = 1_000_000_000
        job.host = text
        job.notBefore = text.map { _ in instant(1_700_000_000.123_456) }
        job.failure = text.map { JobFailure(code: $0, detail: $0) }
        for state in JobState.allCases {
            job.state = state
            let change = StateChange(of: job, cause: .leaseExpired, detail: text)
            #expect(try JSONDecoder().decode(StateChange.self, from: Data(change.json)) == change)
        }
    }
}
