#!/usr/bin/env bash
# Make a certificate authority of your own, a certificate for each node and one for the administrator, in ./certificates.
# usage: certificates.sh [NODE ...]      (default: node1 node2 node3); each name is a host name, 127.0.0.1 is added
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p certificates
cd certificates
[ ! -e ca.key ] || { echo "certificates/ca.key is there already; nothing was changed" >&2; exit 1; }
days="${DAYS:-825}"

openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 3650 -keyout ca.key -out ca.pem -subj "/O=testimony/CN=testimony ca" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null

issue() { # NAME SUBJECT ALTERNATIVE_NAMES
  openssl req -new -newkey rsa:3072 -sha256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n%s\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$days" -sha256 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

[ "$#" -gt 0 ] || set -- node1 node2 node3
for node in "$@"; do
  issue "$node" "/O=testimony/OU=node/CN=$node" "subjectAltName=DNS:$node,DNS:localhost,IP:127.0.0.1"
done
issue admin "/O=testimony/OU=admin/CN=admin" ""
# The nodes run as another user (1000 in the image); the key of the authority stays yours alone.
chmod 644 ./*.pem
for node in "$@" admin; do chmod 640 "$node.key"; done
echo "made certificates/ for $*; keep ca.key where no node is"
