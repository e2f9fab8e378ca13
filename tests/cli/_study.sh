# A small study for the tests of tests/cli, sourced after _lib.sh, and what they ask of its results.
# shellcheck shell=bash disable=SC2154

# study FILE ATTRIBUTES [FACTORS]: of town.xml.
study() {
	cat >"$1" <<-XML
		<study xmlns="urn:sccsim:study:1" id="small-study" scenario="town.xml" $2>
		  <title>A small town: gateways and traffic</title>
		  ${3-$factors}
		  <response kpi="connectivity.delivery-ratio" target="&gt;= 95%"/>
		  <response kpi="latency.p95" class="meter"/>
		</study>
	XML
}
factors='<factor id="gateways" path="lorawan/gateways/@count" values="1; 2; 4"/>
  <factor id="period" path="device-class/traffic/@period" values="10min; 5min"/>'

# same DIR DIR: their answers are the same to the byte.
same() {
	local f
	for f in kpi.csv points.csv effects.csv; do cmp "$1/$f" "$2/$f" || return 1; done
}

# tidy DIR: nothing is left that was only needed while the study ran.
tidy() {
	local left
	left=$(find "$1" \( -name '.*' -o -name '*-wal' -o -name '*-shm' -o -name '*-journal' \) ! -path "$1")
	[ -z "$left" ] || { echo "left: $left"; return 1; }
}

# sound DIR: SQLite finds the record whole, where there is something to ask it with.
sound() {
	if command -v python3 >/dev/null; then
		python3 -c 'import sqlite3, sys
said = sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchall()
sys.exit(0 if said == [("ok",)] else str(said))' "$1/results.sqlite"
	elif command -v sqlite3 >/dev/null; then
		[ "$(sqlite3 "$1/results.sqlite" 'PRAGMA integrity_check')" = ok ]
	fi
}

# whole DIR DIR: the second is as good as the first, which nothing disturbed.
whole() { same "$1" "$2" && tidy "$2" && sound "$2"; }

# Within SECONDS a command succeeds; asked every few milliseconds: until_true SECONDS COMMAND...
until_true() {
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.01
	done
}

sanitized() { ldd "$SCCSIM" | grep -Eq 'lib[a-z]*san\.so'; }
