/// A request on its way to the transport's thread, and who waits for the answer.
struct TransferOrder: Sendable {
    typealias ID = UInt64

    /// Where the answer goes; a continuation is resumed exactly once.
    enum Sink: Sendable {
        case whole(CheckedContinuation<Result<ClientResponse, ClientError>, Never>)
        case stream(CheckedContinuation<Result<StreamedResponse, ClientError>, Never>, BodyChannel)
    }

    let id: ID
    let request: ClientRequest
    let sink: Sink

    /// Answers an order that never became a transfer.
    func fail(_ code: ClientError.Code, _ detail: String) {
        let error = ClientError(code: code, operation: request.operation, detail: detail)
        switch sink {
        case .whole(let continuation): continuation.resume(returning: .failure(error))
        case .stream(let continuation, let channel):
            channel.finish(throwing: error)
            continuation.resume(returning: .failure(error))
        }
    }
}
