import CCurl

/// One curl easy handle with its error text; confined to the transport's thread.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        reset()
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// Forgets all options; connections belong to the multi handle and stay open.
    func reset() {
        curl_easy_reset(pointer)
        errorText.pointee = 0
        ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    /// Lets a paused transfer go on.
    func resume() {
        // What fails here fails the transfer too, and is told with its end.
        curl_easy_pause(pointer, CURLPAUSE_CONT)
    }

    /// What libcurl says of the last failure.
    var detail: String { String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) throws(CurlOptionError) {
        try check(ccurl_set_long(pointer, option, value), option)
    }

    func set(_ option: CURLoption, _ value: String) throws(CurlOptionError) {
        try check(ccurl_set_string(pointer, option, value), option)
    }

    func set(
        _ option: CURLoption,
        _ value: UnsafeMutablePointer<curl_slist>?
    ) throws(CurlOptionError) {
        try check(ccurl_set_list(pointer, option, value), option)
    }

    /// Sets what receives the bytes of an answer, with the context that it is called with.
    func set(
        _ option: CURLoption,
        _ receive: @escaping ccurl_receive,
        _ contextOption: CURLoption,
        _ context: UnsafeRawPointer
    ) throws(CurlOptionError) {
        try check(ccurl_set_receive(pointer, option, receive), option)
        try check(ccurl_set_pointer(pointer, contextOption, context), contextOption)
    }

    /// Has `body` sent as the request's content; libcurl copies it.
    func setContent(_ body: [UInt8]) throws(CurlOptionError) {
        try set(CURLOPT_POST, 1)
        try check(
            ccurl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
            CURLOPT_POSTFIELDSIZE_LARGE
        )
        let option = CURLOPT_COPYPOSTFIELDS
        let code = body.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return ccurl_set_string(pointer, option, "") }
            return ccurl_set_pointer(pointer, option, base)
        }
        try check(code, option)
    }

    /// Has `count` bytes sent as the request's content, which `read` gives when libcurl asks for them.
    func setUpload(
        _ count: Int,
        _ read: @escaping ccurl_receive,
        _ seek: @escaping ccurl_seek,
        _ context: UnsafeRawPointer
    ) throws(CurlOptionError) {
        try set(CURLOPT_UPLOAD, 1)
        try check(
            ccurl_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(count)),
            CURLOPT_INFILESIZE_LARGE
        )
        try set(CURLOPT_READFUNCTION, read, CURLOPT_READDATA, context)
        try check(ccurl_set_seek(pointer, seek), CURLOPT_SEEKFUNCTION)
        try check(ccurl_set_pointer(pointer, CURLOPT_SEEKDATA, context), CURLOPT_SEEKDATA)
    }

    private func check(_ code: CURLcode, _ option: CURLoption) throws(CurlOptionError) {
        guard code == CURLE_OK else {
            throw CurlOptionError(
                detail: "libcurl refuses option \(option.rawValue): "
                    + String(cString: curl_easy_strerror(code))
            )
        }
    }
}
