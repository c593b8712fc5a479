#!/bin/bash
# Makes the certificates of the tests, valid for a hundred years (OpenSSL 3.0.19).
set -euo pipefail
cd "$(dirname "$0")"
for name in first second; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
        -subj "/CN=$name.lehr.test" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
        -keyout "$name.key" -out "$name.pem"
done
