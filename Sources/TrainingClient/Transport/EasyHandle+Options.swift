import CCurl

extension EasyHandle {
    /// Sets what is the same for all requests of a transport.
    func apply(_ configuration: TransportConfiguration) throws(CurlOptionError) {
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_USERAGENT, configuration.userAgent)
        // An empty text, unlike none, keeps libcurl from reading the environment.
        try set(CURLOPT_PROXY, configuration.proxy ?? "")
        try set(CURLOPT_NOPROXY, configuration.directHosts)
        if let path = configuration.unixSocketPath { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let file = configuration.certificateAuthorityFile { try set(CURLOPT_CAINFO, file) }
    }

    /// Sets what a request asks for; its fields are set apart.
    func apply(_ request: ClientRequest, timeouts: ClientTimeouts) throws(CurlOptionError) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.milliseconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, (timeouts.idle.milliseconds - 1) / 1000 + 1)
        if let total = timeouts.total { try set(CURLOPT_TIMEOUT_MS, total.milliseconds) }
        switch request.method {
        case .get where request.body == nil: try set(CURLOPT_HTTPGET, 1)
        case .head: try set(CURLOPT_NOBODY, 1)
        case .put where request.upload != nil: return
        // An upload is a PUT but for its name.
        case .post where request.upload != nil:
            return try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put: try setContent(request.body ?? [])
        case .get, .delete: if let body = request.body { try setContent(body) }
        }
        switch request.method {
        case .get, .head, .post: break
        case .put, .delete: try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }
}
