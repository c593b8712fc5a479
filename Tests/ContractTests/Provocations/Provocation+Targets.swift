import TestSupport

extension Provocation {
    /// A control character in the place of each name or id that a path takes.
    static let targets: [Provocation] = ((try? Contract.repository.get())?.operations ?? [:]).values
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
