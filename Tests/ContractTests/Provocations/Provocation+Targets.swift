import TestSupport

extension Provocation {
    /// A control character in the place of each name or id that a path takes, and in a list's query.
    static let targets: [Provocation] = lists + paths

    private static let lists = [
        ("listJobs", "/v1/jobs?name=%01"), ("listSchedules", "/v1/schedules?cursor=%01"),
    ].map { operation, target in
        Provocation(operation, 400, "an encoded control character in the query") {
            try await $0.manual.client.get(target)
        }
    }

    private static let paths: [Provocation] = ((try? Contract.repository.get())?.operations ?? [:])
        .values
        .filter { $0.path.contains("{") }
        .sorted { $0.id < $1.id }
        .map { operation in
            let path = operation.path.replacing(#/\{[a-z_]+\}/#, with: "%01")
            let method = operation.method.uppercased()
            return Provocation(operation.id, 400, "an encoded control character in the path") {
                try await $0.manual.client.send(HTTPRequest(method, path))
            }
        }
}
