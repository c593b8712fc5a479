import Foundation
import Jobs
import Testing

@testable import TrainingService

@Suite struct LeaseBookTests {
    private let book = LeaseBook(term: .seconds(30))
    private let start = ContinuousClock.now
    private let keys = (1...2).map { fence in
        LeaseKey(job: .random(at: .distantPast), fence: fence, lease: .random())
    }

    @Test func `holds a lease for its term and no longer`() {
        book.renew(keys[0], now: start)
        #expect(book.expired(now: start + .seconds(29)).isEmpty)
        #expect(book.expired(now: start + .seconds(30)) == [keys[0]])
    }

    @Test func `gives a renewed lease a full term`() {
        book.renew(keys[0], now: start)
        book.renew(keys[1], now: start)
        book.renew(keys[0], now: start + .seconds(20))
        #expect(book.expired(now: start + .seconds(40)) == [keys[1]])
    }

    @Test func `forgets a lease that was removed, and none before`() {
        book.renew(keys[0], now: start)
        #expect(book.expired(now: start + .seconds(60)) == [keys[0]])
        #expect(book.expired(now: start + .seconds(60)) == [keys[0]])
        book.remove(keys[0])
        #expect(book.expired(now: start + .seconds(60)).isEmpty)
    }
}
