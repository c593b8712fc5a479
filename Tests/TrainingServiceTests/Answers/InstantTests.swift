import Foundation
import Testing

@testable import TrainingService

@Suite struct InstantTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (1_709_251_199_999_999, "2024-02-29T23:59:59.999999Z"),
        (4_107_542_399_000_000, "2100-02-28T23:59:59.000000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
        (1_769_860_800_123_456, "2026-01-31T12:00:00.123456Z"),
        // The double nearest to it lies in the year 10000.
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ])
    func `writes microseconds in UTC`(microseconds: Int, text: String) {
        let date = Date(timeIntervalSince1970: Double(microseconds) / 1e6)
        #expect(Instant.text(date) == text)
    }

    @Test func `writes every day of eight centuries as Foundation does`() {
        // From 1600-01-01, at a time that moves on by a second a day.
        for day in 0..<292_194 {
            let date = Date(timeIntervalSince1970: Double((day - 135_140) * 86_400 + day % 86_400))
            let wanted = date.ISO8601Format().dropLast() + ".000000Z"
            guard Instant.text(date) == wanted else {
                Issue.record("\(Instant.text(date)) where \(wanted) should stand")
                return
            }
        }
    }
}
