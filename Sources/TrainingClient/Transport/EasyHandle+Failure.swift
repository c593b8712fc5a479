import CCurl
import Foundation

extension EasyHandle {
    /// What a failed transfer means to its caller.
    func failure(
        _ result: CURLcode,
        _ request: ClientRequest,
        configuration: TransportConfiguration
    ) -> (code: ClientError.Code, detail: String) {
        let place =
            configuration.unixSocketPath.map { "the socket \($0)" } ?? origin(of: request.url)
        switch result {
        case CURLE_COULDNT_CONNECT:
            return (.cannotConnect, connectionDetail(place))
        case CURLE_COULDNT_RESOLVE_HOST:
            return (.cannotConnect, "the host of \(place) has no address; check its name")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return (.cannotConnect, "the proxy \(configuration.proxy ?? "") has no address")
        case CURLE_OPERATION_TIMEDOUT:
            return timeout(request.timeouts ?? configuration.timeouts, place)
        case CURLE_PEER_FAILED_VERIFICATION:
            return (.untrusted, "the certificate of \(place) is not trusted: \(detail)")
        case CURLE_SSL_CACERT_BADFILE:
            let file = configuration.certificateAuthorityFile ?? "the system's certificates"
            return (.invalidRequest, "the certificates in \(file) cannot be read")
        case CURLE_SSL_CONNECT_ERROR:
            return (.cannotConnect, "\(place) does not speak TLS as asked: \(detail)")
        case CURLE_URL_MALFORMAT:
            return (.invalidRequest, "\(request.url) is not an http or https URL")
        // libcurl says so of answers without a status line too.
        case CURLE_UNSUPPORTED_PROTOCOL where !request.url.lowercased().hasPrefix("http"):
            return (.invalidRequest, "\(request.url) is not an http or https URL")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return (.malformedResponse, "what listens at \(place) does not speak HTTP/1.1")
        case CURLE_GOT_NOTHING:
            return (.connectionLost, "\(place) closed the connection without an answer")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
            return (.connectionLost, "the connection to \(place) broke before the answer was whole")
        default:
            return (.connectionLost, "the request to \(place) failed: \(fallbackDetail(result))")
        }
    }

    private func connectionDetail(_ place: String) -> String {
        let number = Int32(ccurl_get_long(pointer, CURLINFO_OS_ERRNO))
        return switch number {
        case ECONNREFUSED, ENOENT: "nothing listens at \(place); start it with `lehrd serve`"
        case 0: "\(place) cannot be reached: \(fallbackDetail(CURLE_COULDNT_CONNECT))"
        default: "\(place) cannot be reached: \(String(cString: strerror(number)))"
        }
    }

    private func timeout(
        _ timeouts: ClientTimeouts,
        _ place: String
    ) -> (code: ClientError.Code, detail: String) {
        if ccurl_get_offset(pointer, CURLINFO_PRETRANSFER_TIME_T) == 0 {
            return (.cannotConnect, "no connection to \(place) within \(timeouts.connect)")
        }
        let taken = Duration.microseconds(ccurl_get_offset(pointer, CURLINFO_TOTAL_TIME_T))
        if let total = timeouts.total, taken >= total {
            return (.timedOut, "no answer from \(place) within \(total)")
        }
        return (.timedOut, "the connection to \(place) carried nothing for \(timeouts.idle)")
    }

    private func fallbackDetail(_ result: CURLcode) -> String {
        detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
    }

    /// Scheme, host and port of a URL, as far as they can be seen.
    private func origin(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        let end = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        return String(url[..<end])
    }
}
