# shellcheck shell=bash
# Find a Python that Odoo 19 runs on (3.10 to 3.13, with venv), install one where there is none,
# and start one of the commands with it. Sourced by setup/run and setup/test.

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

suitable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.10; do
        if suitable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

install_python() {
    local log=$here/../.local/log/apt.log
    mkdir -p "$(dirname "$log")"
    printf '  %-22s' 'Python'
    if { as_root apt-get update || true; as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends python3 python3-venv; } >>"$log" 2>&1; then
        printf 'installed\n'
    else
        printf 'failed\n\nPython 3.10 to 3.13 with venv is missing and could not be installed.\n' >&2
        printf '  Log:   %s\n  To do: apt-get install python3 python3-venv, then start again\n' "$log" >&2
        exit 1
    fi
}

start_command() {
    local python
    python=$(find_python) || { install_python; python=$(find_python); } || {
        printf 'This machine offers no Python from 3.10 to 3.13, which Odoo 19 needs.\n' >&2
        exit 1
    }
    exec "$python" -B "$here" "$@"
}
