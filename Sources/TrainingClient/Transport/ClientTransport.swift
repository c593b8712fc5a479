/// What carries a request to its server and brings the answer back.
///
/// A transport tries once: it neither repeats a request nor follows a redirection, and an answer of any
/// status is an answer. ``CurlTransport`` speaks HTTP; a test may answer from a list.
public protocol ClientTransport: Sendable {
    /// Sends a request and waits for the whole answer.
    ///
    /// Cancelling the task ends the transfer at once.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `ClientError` where there is none; never with the code `refused`.
    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse

    /// Sends a request and waits for the head of the answer; its content follows in pieces.
    ///
    /// Cancelling the task ends the transfer at once, as does dropping the answer's body unread.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `ClientError` where there is none; never with the code `refused`.
    func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse

    /// Ends every transfer with the code `closed` and frees what the transport holds.
    func close() async
}
