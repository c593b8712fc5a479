/// Decides who may have a request answered, by its head alone and before its body is read.
///
/// Asked on an event loop: a gate works on memory alone, within microseconds, and never blocks.
public protocol RequestGate: Sendable {
    /// Lets a request pass, or says why not.
    ///
    /// - Parameters:
    ///   - request: The request without its body.
    ///   - template: The template of the route that would answer it.
    /// - Returns: Whether it may pass.
    func admit(_ request: Request, to template: String) -> GateVerdict
}

/// What a ``RequestGate`` says.
public enum GateVerdict: Sendable {
    /// The request may pass; the text names who sent it, and becomes ``Request/client``.
    case pass(client: String?)
    /// The request is answered with the status and a sentence in the server's own error format; the
    /// fields belong to the status, such as `WWW-Authenticate`.
    case refuse(Status, String, Fields)
}
