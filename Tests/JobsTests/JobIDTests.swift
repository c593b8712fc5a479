import Foundation
import Jobs
import Testing

@Suite struct JobIDTests {
    @Test func `lies in the layout of RFC 9562, version 7`() {
        // The example of RFC 9562, appendix A.6, whose 12 bits after the version count nothing.
        let example = JobID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
        let made = JobID(
            at: Date(timeIntervalSince1970: 1_645_557_742),
            random: 0x18c4_dc0c_0c07_398f
        )
        #expect(made.description == "017f22e2-79b0-7000-98c4-dc0c0c07398f")
        #expect(example?.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `sorts by its instant, down to a microsecond, as a value and as text`() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<2_000).map { number in
            JobID(
                at: Date(timeIntervalSince1970: 1_800_000_000.000_000_1 + Double(number) * 1e-6),
                random: generator.next()
            )
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func `keeps the millisecond of its instant in the first 48 bits`() {
        let id = JobID(at: Date(timeIntervalSince1970: 1_800_000_000.123_4), random: 0)
        #expect(id.bits >> 80 == 1_800_000_000_123)
    }

    @Test func `differs by its random bits at one instant`() {
        let now = instant(0)
        #expect(JobID(at: now, random: 1) != JobID(at: now, random: 2))
        #expect(JobID.random(at: now) != JobID.random(at: now))
    }

    @Test func `reads back what it writes`() {
        let id = JobID.random(at: instant(3))
        #expect(JobID(id.description) == id)
        #expect(JobID(id.description.uppercased()) == id)
        #expect(JobID(bits: id.bits) == id)
    }

    @Test(arguments: [
        "", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398fa", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2079b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c0739é",
    ])
    func `reads nothing but a whole UUID`(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test func `a lease id is 32 lower-case digits and reads back`() {
        let lease = LeaseID(bits: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)
        #expect(lease.description == "0123456789abcdef0123456789abcdef")
        #expect(LeaseID(lease.description) == lease)
        #expect(LeaseID("0123") == nil)
        #expect(LeaseID.random() != LeaseID.random())
    }
}
