public import TrainingAPI

extension ClientError {
    /// What a server's refusal means.
    ///
    /// An answer without a problem document, such as a proxy's, becomes one that names the status.
    init(refusing request: ClientRequest, _ response: ClientResponse) {
        // What is not JSON holds no problem document.
        let document = try? JSONReader.read(response.body).document
        let problem =
            document.flatMap { Problem($0) }
            ?? Problem(
                status: response.status,
                detail: "the server answered \(response.status) to \(request.operation)"
            )
        self.init(
            code: .refused,
            operation: request.operation,
            detail: problem.detail.isEmpty ? problem.title : problem.detail,
            problem: problem,
            retryAfter: response.fields["Retry-After"].flatMap { Int($0) }.map {
                .seconds(max(0, $0))
            }
        )
    }

    /// Whether the server has no such thing: 404.
    public var isNotFound: Bool { problem?.status == 404 }

    /// Whether the lease under which a worker wrote is not its own any more; it must discard its run.
    public var isLeaseLost: Bool { problem?.type == Problem.leaseLostType }
}
