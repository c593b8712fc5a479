import Foundation
import Testing
import TrainingAPI

@Suite struct WallTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-28T03:00:00Z", 1_795_834_800_000_000),
        ("2026-11-28t03:00:00z", 1_795_834_800_000_000),
        ("2026-11-28T04:30:00+01:30", 1_795_834_800_000_000),
        ("2026-11-27T19:00:00-08:00", 1_795_834_800_000_000),
        ("2026-11-28T03:00:00.5Z", 1_795_834_800_500_000),
        ("2026-11-28T03:00:00.123456789Z", 1_795_834_800_123_456),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `reads an instant in any offset`(text: String, microseconds: Int64) {
        #expect(WallTime(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "tomorrow", "2026-11-28", "2026-11-28T03:00Z", "2026-11-28T03:00:00",
        "2026-11-28T24:00:00Z", "2026-11-28T03:60:00Z", "2026-11-28T03:00:60Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "2026-11-28T03:00:00.Z", "2026-11-28T03:00:00.1234567890Z",
        "2026-11-28T03:00:00+1:00", "2026-11-28T03:00:00Z ", "+026-11-28T03:00:00Z",
    ])
    func `refuses what is no instant`(text: String) {
        #expect(WallTime(text) == nil)
    }

    @Test func `writes what it reads, as Foundation does`() throws {
        for day in stride(from: 0, to: 2_932_896, by: 12_345) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 43_210)
            let text = date.ISO8601Format()
            let instant = try #require(WallTime(text))
            #expect(instant.microseconds == Int64(date.timeIntervalSince1970) * 1_000_000)
            #expect(instant.description == text)
        }
        #expect(
            WallTime("2100-03-01T00:59:59.25+01:00")?.description == "2100-02-28T23:59:59.250000Z"
        )
    }

    @Test func `a job keeps its time in UTC`() throws {
        let job = """
            {"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "maximum_seconds": 1.5,
             "not_before": "2026-11-28T04:00:00+01:00"}
            """
        var context = DecodingContext()
        let document = try JSONReader.read(Array(job.utf8)).document
        let specification = try #require(JobSpecification(document, &context))
        let written = try JSONReader.read(specification.json()).document
        #expect(written["not_before"]?.string == "2026-11-28T03:00:00Z")
        #expect(written["maximum_seconds"]?.double == 1.5)
        #expect(JobSpecification(written, &context) == specification)
    }
}
