import Testing

@testable import lehr

@Suite struct JobReferenceTests {
    @Test(arguments: [
        ("@last", JobReference.last),
        ("0197A3F2-5C1D-7000-8000-000000000001", .id("0197a3f2-5c1d-7000-8000-000000000001")),
        ("0197", .nameOrPrefix("0197")), ("beef", .nameOrPrefix("beef")), ("bee", .name("bee")),
        ("fashion-cosine", .name("fashion-cosine")),
    ])
    func `tells ids from names`(text: String, reference: JobReference) {
        #expect(JobReference(text) == reference)
    }
}
