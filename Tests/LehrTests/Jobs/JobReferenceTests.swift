import Testing
import TrainingAPI
import TrainingClient

@testable import lehr

@Suite struct JobReferenceTests {
    private let id = "0197a3f2-5c1d-7000-8000-000000000001"
    private let other = "0197a3f2-5c1e-7000-8000-000000000001"

    private func resolve(
        _ text: String,
        _ answers: Result<ClientResponse, ClientError>...
    ) async throws -> (id: String, targets: [String]) {
        let transport = ListTransport(answers)
        let job = try await JobReference(text).resolve(with: transport.client)
        return (job.id, transport.targets)
    }

    @Test(arguments: [
        ("@last", JobReference.last),
        ("0197A3F2-5C1D-7000-8000-000000000001", .id("0197a3f2-5c1d-7000-8000-000000000001")),
        ("0197", .nameOrPrefix("0197")), ("beef", .nameOrPrefix("beef")), ("bee", .name("bee")),
        ("fashion-cosine", .name("fashion-cosine")),
    ])
    func `tells ids from names`(text: String, reference: JobReference) {
        #expect(JobReference(text) == reference)
    }

    @Test func `the last job is the newest`() async throws {
        let found = try await resolve("@last", .page([.sample(id: other)]))
        #expect(found == (other, ["/v1/jobs?limit=1"]))
    }

    @Test func `a whole id is asked for directly`() async throws {
        let found = try await resolve(id, .answer(JobBody.sample(id: id)))
        #expect(found == (id, ["/v1/jobs/\(id)"]))
    }

    @Test func `a name means the newest job of that name`() async throws {
        let found = try await resolve("my job", .page([.sample(id: other)]))
        #expect(found == (other, ["/v1/jobs?name=my%20job&limit=1"]))
    }

    @Test func `a beginning is looked for on every page`() async throws {
        let found = try await resolve(
            "0197A3F2-5C1D",
            .page([]),
            .page([.sample(id: other)], next: "c"),
            .page([.sample(id: id)])
        )
        #expect(
            found
                == (
                    id,
                    [
                        "/v1/jobs?name=0197A3F2-5C1D&limit=1", "/v1/jobs?limit=500",
                        "/v1/jobs?limit=500&cursor=c",
                    ]
                )
        )
    }

    @Test func `a beginning of several ids names two of them`() async {
        await #expect {
            try await resolve("0197", .page([]), .page([.sample(id: other), .sample(id: id)]))
        } throws: {
            "\($0)" == "several ids begin with 0197, such as \(other) and \(id); write more of it"
        }
    }

    @Test(arguments: [
        ("@last", "the server has no jobs yet"),
        ("nope", "there is no job called nope; `lehr list` shows them"),
        (
            "beef",
            "there is no job called beef, and none whose id begins so; `lehr list` shows them"
        ),
    ])
    func `says that there is no such job`(text: String, message: String) async {
        await #expect {
            try await resolve(text, .page([]), .page([]))
        } throws: {
            "\($0)" == message
        }
    }
}
