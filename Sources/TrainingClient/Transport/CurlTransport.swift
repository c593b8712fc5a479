import Foundation

/// HTTP over libcurl: one thread drives all transfers, connections stay open between requests.
///
/// Requests may be sent from any task, many at once. Transfers to one server share its open connections;
/// none is shared with another transport. HTTP/1.1 alone is spoken, to `http` and `https` URLs alone.
///
/// The thread lives until ``close()``, or until the transport is no longer referenced; `close()` returns
/// once it has ended. A program that uses TLS ignores SIGPIPE, since the transport changes no signal's
/// handling.
public final class CurlTransport: ClientTransport {
    private let configuration: TransportConfiguration
    private let mailbox = TransferMailbox()

    /// Starts a transport.
    ///
    /// - Parameter configuration: How to connect.
    public init(configuration: TransportConfiguration = TransportConfiguration()) {
        self.configuration = configuration
        CurlLibrary.load()
        let thread = Thread { [mailbox] in
            TransferLoop(mailbox: mailbox, configuration: configuration).run()
        }
        thread.name = "lehr-client"
        thread.start()
    }

    deinit {
        mailbox.close()
    }

    /// Sends a request and waits for the whole answer.
    public func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        try await perform(request) { continuation, _ in .whole(continuation) }
    }

    /// Sends a request and waits for the head of the answer; its content follows in pieces.
    ///
    /// While more than ``TransportConfiguration/streamBufferBytes`` wait to be read, the transfer pauses
    /// and the server is held back by its connection.
    public func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse {
        try await perform(request) { [mailbox, configuration] continuation, id in
            let channel = BodyChannel(
                limit: configuration.streamBufferBytes,
                resume: { mailbox.post(.resume(id)) },
                cancel: { mailbox.post(.cancel(id)) }
            )
            return .stream(continuation, channel)
        }
    }

    /// Ends every transfer with the code `closed`, closes the connections and waits for the thread.
    public func close() async {
        mailbox.close()
        await mailbox.untilFinished()
    }

    private func perform<Answer>(
        _ request: ClientRequest,
        sink: (CheckedContinuation<Result<Answer, ClientError>, Never>, TransferOrder.ID) ->
            TransferOrder.Sink
    ) async throws(ClientError) -> Answer {
        let id = mailbox.makeID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = TransferOrder(id: id, request: request, sink: sink(continuation, id))
                mailbox.post(.start(order))
                // A task cancelled before this line told the mailbox too early.
                if Task.isCancelled { mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            mailbox.post(.cancel(id))
        }
        return try result.get()
    }
}
