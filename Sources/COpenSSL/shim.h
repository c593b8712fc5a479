// OpenSSL for Swift, which cannot see its macros and cannot pass its own functions as callbacks here.
#ifndef LEHR_COPENSSL_SHIM_H
#define LEHR_COPENSSL_SHIM_H

#include <openssl/err.h>
#include <openssl/ssl.h>

// Chooses http/1.1 of what a client offers; a client that offers other protocols alone is refused.
static inline int copenssl_select_protocol(SSL *ssl, const unsigned char **chosen,
                                           unsigned char *length, const unsigned char *offered,
                                           unsigned int offered_length, void *context) {
    static const unsigned char name[] = "http/1.1";
    (void)ssl, (void)context;
    for (unsigned int i = 0; i < offered_length; i += 1u + offered[i]) {
        if (offered[i] != sizeof name - 1 || i + sizeof name > offered_length) continue;
        if (memcmp(offered + i + 1, name, sizeof name - 1) != 0) continue;
        *chosen = offered + i + 1;
        *length = sizeof name - 1;
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A context of TLS 1.2 and 1.3 with what follows from no certificate; NULL where there is no memory.
static inline SSL_CTX *copenssl_server_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) return NULL;
    // HTTP tells by itself whether a message was cut, so an end without close_notify is an end.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    // Tickets resume a session; nothing of it is kept here.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, copenssl_select_protocol, NULL);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

// Whether the last error says that the peer spoke HTTP without TLS.
static inline int copenssl_is_plain_http(unsigned long code) {
    int reason = ERR_GET_REASON(code);
    return ERR_GET_LIB(code) == ERR_LIB_SSL &&
           (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST);
}

// A type that Swift may not cast by itself: the text of an error, without its number.
static inline const char *copenssl_reason(unsigned long code) {
    const char *reason = ERR_reason_error_string(code);
    return reason ? reason : "an error without a name";
}

#endif
