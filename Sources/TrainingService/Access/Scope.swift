internal import HTTP

/// What a token allows.
package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// Reads jobs, metrics, catalogues; previews schedules.
    case read
    /// Submits and changes jobs, datasets, schedules, and runs scripts of one's own; reads too.
    case write
    /// Takes jobs and reports on them, as `lehrd work` does; reads datasets and
    /// archives.
    case worker
    /// Everything.
    case admin

    /// The scopes of which a request needs one, the least first; empty where it needs no token.
    static func needed(_ method: Method, _ template: String) -> [Scope] {
        let reads = method == .get || method == .head
        if ["/livez", "/readyz"].contains(template) { return [] }
        if template == "/v1/session" { return [.read, .write, .worker, .admin] }
        if template.hasPrefix("/v1/leases") { return [.worker, .write, .admin] }
        let isForWorkers = ["/v1/datasets", "/v1/archives"].contains { template.hasPrefix($0) }
        if reads, isForWorkers { return [.read, .write, .worker, .admin] }
        if reads || template == "/v1/schedules/preview" { return [.read, .write, .admin] }
        return [.write, .admin]
    }
}
