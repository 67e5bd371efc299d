# The words that proofs are written in.

# The status of the answer, or curl's exit code where there is none.
status() { curl -sS -m 10 -o /dev/null -w '%{http_code}' "$@" 2>/dev/null || echo " curl $?"; }

# The whole answer, header and body.
answer() { curl -sS -m 10 -i "$@" 2>&1 || echo "curl $?"; }

# ask SERVER NAME [TYPE]: rcode and records.
ask() {
  dig +time=2 +tries=1 +noall +comments +answer "@$1" "$2" "${3:-A}" 2>&1 |
    sed -n 's/.*status: \([A-Z]*\),.*/\1/p; t; /^[^;]/p; s/^;; \(no servers\|connection timed\).*/no answer/p;
            s/^;; communications error.*/no answer/p'
}
