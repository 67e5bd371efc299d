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

# trust DATABASE: the lab's authority, for a browser.
trust() {
  mkdir -p "$1" && certutil -N -d "sql:$1" --empty-password && certutil -A -d "sql:$1" -n lab -t C,, -i "$SSL_CERT_FILE"
}

# The page as Chromium shows it, with a profile that is thrown away.
chromium_page() (
  export HOME=$(mktemp -d)
  trust "$HOME/.pki/nssdb"
  timeout 45 chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-quic --user-data-dir="$HOME/profile" --dump-dom "$1" 2>/dev/null
  rm -rf "$HOME"
)

# firefox_visit URL LOG: the lines of the server's log that a fresh Firefox leaves.
firefox_visit() (
  export HOME=$(mktemp -d)
  mkdir "$HOME/profile"
  trust "$HOME/profile"
  printf 'user_pref("%s", false);\n' app.normandy.enabled network.captive-portal-service.enabled \
    network.connectivity-service.enabled >"$HOME/profile/user.js"
  timeout 45 firefox-esr --headless --no-remote --profile "$HOME/profile" --screenshot "$HOME/shot.png" "$1" >/dev/null 2>&1
  grep Firefox/ "$2"
  rm -rf "$HOME"
)

# visited_page HOME URL: the page as that person's Chromium shows it, closed as it is; a copy of the profile is started.
visited_page() (
  export HOME=$(mktemp -d)
  cp -r "$1/.config" "$1/.pki" "$HOME/"
  timeout 45 chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-quic --user-data-dir="$HOME/.config/chromium" --dump-dom "$2" 2>/dev/null
  rm -rf "$HOME"
)
