/// Why a job failed.
package struct JobFailure: Hashable, Sendable, Codable {
    /// The word that programs compare, such as `diverged` or `worker_crashed`.
    package let code: String
    /// A sentence for a person, where there is more to say than the code.
    package let detail: String?

    /// A failure as its worker or the retry policy tells it.
    package init(code: String, detail: String?) {
        self.code = code
        self.detail = detail
    }
}
