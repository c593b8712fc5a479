import CCurl
import Foundation

/// One request while libcurl works on it; confined to the transport's thread.
final class Transfer {
    let easy: EasyHandle
    var id: TransferOrder.ID { order.id }

    private let order: TransferOrder
    private let configuration: TransportConfiguration
    private var list: UnsafeMutablePointer<curl_slist>?
    private var head = ResponseHead()
    private var body: [UInt8] = []
    /// The bytes of the request's content that libcurl has taken.
    private var sent = 0
    private var isHeadDelivered = false
    /// Why a callback ended the transfer; libcurl itself then says only that one did.
    private var ownFailure: (code: ClientError.Code, detail: String)?

    init(
        _ order: TransferOrder,
        on easy: EasyHandle,
        configuration: TransportConfiguration
    ) throws(CurlOptionError) {
        self.order = order
        self.easy = easy
        self.configuration = configuration
        list = try Self.list(of: order.request)
        try easy.apply(configuration)
        try easy.apply(order.request, timeouts: order.request.timeouts ?? configuration.timeouts)
        try easy.set(CURLOPT_HTTPHEADER, list)
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try easy.set(CURLOPT_HEADERFUNCTION, fieldReceiver, CURLOPT_HEADERDATA, context)
        try easy.set(CURLOPT_WRITEFUNCTION, contentReceiver, CURLOPT_WRITEDATA, context)
        if let upload = order.request.upload {
            try easy.setUpload(upload.count, contentSender, contentSeeker, context)
        }
    }

    deinit {
        curl_slist_free_all(list)
    }

    /// Ends the transfer with what libcurl says of it.
    func finish(_ result: CURLcode) {
        if let ownFailure {
            finish(ownFailure.code, ownFailure.detail)
        } else if result == CURLE_OK {
            succeed()
        } else {
            let failure = easy.failure(
                result,
                order.request,
                configuration: configuration
            )
            finish(failure.code, failure.detail)
        }
    }

    /// Ends the transfer without an answer.
    func finish(_ code: ClientError.Code, _ detail: String) {
        guard isHeadDelivered, case .stream(_, let channel) = order.sink else {
            return order.fail(code, detail)
        }
        channel.finish(
            throwing: ClientError(code: code, operation: order.request.operation, detail: detail)
        )
    }

    private func succeed() {
        switch order.sink {
        case .whole(let continuation):
            let response = ClientResponse(status: head.status, fields: head.fields, body: body)
            continuation.resume(returning: .success(response))
        case .stream(_, let channel):
            deliverHead()
            channel.finish(throwing: nil)
        }
    }

    private func deliverHead() {
        guard !isHeadDelivered, case .stream(let continuation, let channel) = order.sink else {
            return
        }
        isHeadDelivered = true
        let body = ResponseBody(channel: channel)
        continuation.resume(
            returning: .success(
                StreamedResponse(status: head.status, fields: head.fields, body: body)
            )
        )
    }

    /// Takes a line of the answer's head.
    fileprivate func receiveField(_ line: UnsafeRawBufferPointer) -> Int {
        guard head.append(line) else {
            ownFailure = (
                .malformedResponse,
                "the answer's fields are larger than \(ResponseHead.limit) bytes"
            )
            return 0
        }
        if head.isComplete { deliverHead() }
        return line.count
    }

    /// Takes a piece of the answer's content; fewer bytes than offered end the transfer.
    fileprivate func receiveContent(_ bytes: UnsafeRawBufferPointer) -> Int {
        if case .stream(_, let channel) = order.sink {
            return channel.offer(bytes) ? bytes.count : Int(CURL_WRITEFUNC_PAUSE)
        }
        let limit = configuration.maximumResponseBytes
        guard bytes.count <= limit - body.count else {
            ownFailure = (.responseTooLarge, "the answer is larger than \(limit) bytes")
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// Gives the next piece of the request's content.
    fileprivate func sendContent(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let count = order.request.upload?.read(sent, buffer) else {
            ownFailure = (.invalidRequest, "the content of the request cannot be read any more")
            return Int(CURL_READFUNC_ABORT)
        }
        sent += count
        return count
    }

    /// Goes back to an earlier place of the request's content, to send it again.
    fileprivate func seekContent(to offset: Int) {
        sent = offset
    }

    private static func list(
        of request: ClientRequest
    ) throws(CurlOptionError) -> UnsafeMutablePointer<curl_slist>? {
        if let name = request.fields.firstUnsendable {
            throw CurlOptionError(
                detail: "the field \(name.debugDescription) cannot be sent in one line"
            )
        }
        // A name alone takes out what libcurl would send by itself.
        var lines = ["Expect:"]
        if request.fields["Content-Type"] == nil { lines.append("Content-Type:") }
        for (name, value) in request.fields.pairs {
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw CurlOptionError(detail: "libcurl has no memory for the request's fields")
            }
            list = longer
        }
        return list
    }
}

private func fieldReceiver(
    bytes: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveField(line)
}

private func contentReceiver(
    bytes: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let content = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveContent(content)
}

private func contentSender(
    bytes: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().sendContent(buffer)
}

private func contentSeeker(
    context: UnsafeMutableRawPointer?,
    offset: curl_off_t,
    origin: Int32
) -> Int32 {
    guard let context, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().seekContent(to: Int(offset))
    return Int32(CURL_SEEKFUNC_OK)
}
