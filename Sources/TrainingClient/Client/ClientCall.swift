import Foundation
import TrainingAPI

/// One call of the API, before it becomes a request to a server.
struct ClientCall {
    /// What is sent, with its media type.
    struct Content {
        let mediaType: String
        let bytes: [UInt8]

        /// A document as a person wrote it.
        init(_ bytes: [UInt8], _ format: BodyFormat) {
            mediaType =
                switch format {
                case .json: "application/json"
                case .yaml: "application/yaml"
                }
            self.bytes = bytes
        }

        /// A message of the worker protocol.
        init(_ value: some JSONWritable) {
            self.init(value.json(), .json)
        }
    }

    let method: ClientRequest.Method
    let target: RequestTarget
    var content: Content?
    /// Content that is read as it is sent, in place of `content`.
    var upload: UploadBody?
    var accept = "application/json"
    var fields: [(String, String)] = []
    var timeouts: ClientTimeouts?

    static func get(_ target: RequestTarget) -> ClientCall {
        ClientCall(method: .get, target: target)
    }

    static func post(_ target: RequestTarget, _ content: Content? = nil) -> ClientCall {
        ClientCall(method: .post, target: target, content: content)
    }

    static func put(_ target: RequestTarget, _ content: Content) -> ClientCall {
        ClientCall(method: .put, target: target, content: content)
    }

    static func put(_ target: RequestTarget, _ upload: UploadBody) -> ClientCall {
        sending(upload, .put, target)
    }

    static func post(_ target: RequestTarget, _ upload: UploadBody) -> ClientCall {
        sending(upload, .post, target)
    }

    private static func sending(
        _ upload: UploadBody,
        _ method: ClientRequest.Method,
        _ target: RequestTarget
    ) -> ClientCall {
        var call = ClientCall(method: method, target: target)
        call.upload = upload
        call.fields = [("Content-Type", "application/octet-stream")]
        call.timeouts = ClientTimeouts(total: nil)
        return call
    }

    static func delete(_ target: RequestTarget) -> ClientCall {
        ClientCall(method: .delete, target: target)
    }

    /// The call with a key that makes a repeat of it harmless.
    func idempotent(by key: String?) -> ClientCall {
        var call = self
        call.fields.append(("Idempotency-Key", key ?? UUID().uuidString.lowercased()))
        return call
    }
}
