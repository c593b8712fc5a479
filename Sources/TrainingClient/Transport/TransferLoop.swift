import CCurl

/// The thread's work: transfers of one curl multi handle, from their start to their end.
///
/// Made, run and freed on the transport's thread; nothing here is seen by another.
struct TransferLoop: ~Copyable {
    /// How many easy handles are kept for later transfers.
    private static let idleLimit = 16
    /// How long the thread sleeps where nothing wakes it, in milliseconds.
    private static let pollInterval: Int32 = 1000

    private let mailbox: TransferMailbox
    private let configuration: TransportConfiguration
    private let multi: UnsafeMutableRawPointer
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var idle: [EasyHandle] = []

    init(mailbox: TransferMailbox, configuration: TransportConfiguration) {
        guard let multi = curl_multi_init() else {
            fatalError("libcurl has no memory for a handle")
        }
        self.mailbox = mailbox
        self.configuration = configuration
        self.multi = multi
        mailbox.attach(multi)
    }

    deinit {
        mailbox.detach()
        curl_multi_cleanup(multi)
        mailbox.finish()
    }

    consuming func run() {
        while true {
            let (commands, isClosing) = mailbox.take()
            for command in commands { handle(command) }
            guard !isClosing else { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            endFinished()
            curl_multi_poll(multi, nil, 0, Self.pollInterval, nil)
        }
        for transfer in active.values { end(transfer, .closed, "the client was closed") }
        idle = []
    }

    private mutating func handle(_ command: TransferMailbox.Command) {
        switch command {
        case .start(let order): start(order)
        case .cancel(let id):
            if let transfer = transfer(id) {
                end(transfer, .cancelled, "the request was cancelled")
            }
        case .resume(let id):
            if let transfer = transfer(id) { transfer.easy.resume() }
        }
    }

    private mutating func start(_ order: TransferOrder) {
        guard let easy = idle.popLast() ?? EasyHandle() else {
            return order.fail(.invalidRequest, "libcurl has no memory for a transfer")
        }
        do {
            let transfer = try Transfer(order, on: easy, configuration: configuration)
            let code = curl_multi_add_handle(multi, easy.pointer)
            guard code == CURLM_OK else {
                return transfer.finish(.invalidRequest, String(cString: curl_multi_strerror(code)))
            }
            active[easy.pointer] = transfer
        } catch {
            order.fail(.invalidRequest, error.detail)
        }
    }

    private func transfer(_ id: TransferOrder.ID) -> Transfer? {
        active.values.first { $0.id == id }
    }

    private mutating func endFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
                let transfer = active[pointer]
            else { continue }
            let result = ccurl_message_result(message)
            // The message is gone once its transfer leaves the multi handle.
            release(transfer)
            transfer.finish(result)
            recycle(transfer.easy)
        }
    }

    private mutating func end(_ transfer: Transfer, _ code: ClientError.Code, _ detail: String) {
        release(transfer)
        transfer.finish(code, detail)
        recycle(transfer.easy)
    }

    private mutating func release(_ transfer: Transfer) {
        active[transfer.easy.pointer] = nil
        curl_multi_remove_handle(multi, transfer.easy.pointer)
    }

    private mutating func recycle(_ easy: EasyHandle) {
        easy.reset()
        if idle.count < Self.idleLimit { idle.append(easy) }
    }
}
