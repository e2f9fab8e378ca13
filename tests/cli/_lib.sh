# What the tests of the command line share: sourced by each of them.  $SCCSIM is the program, $work a fresh folder that is the
# current one, $here the folder of the tests.
# shellcheck shell=bash disable=SC2034
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${SCCSIM:=$root/build/sccsim}"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# pass NAME / fail NAME REASON...
pass() { echo "ok - $1"; }
fail() {
	echo "not ok - $1"
	shift
	printf '    %s\n' "$@"
	failures=$((failures + 1))
}

# holds NAME COMMAND...: the command succeeds.
holds() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then pass "$name"; else fail "$name" "$* failed:" "$said"; fi
}

# check NAME STATUS PATTERN COMMAND...: it exits with STATUS and what it says (both streams) matches the extended regular
# expression; an empty one takes anything.  Leaves standard output in out and standard error in err.
check() {
	local name=$1 want=$2 pattern=$3 got
	shift 3
	"$@" >out 2>err </dev/null
	got=$?
	if [ "$got" -ne "$want" ]; then
		fail "$name" "status $got instead of $want: $*" "$(head -n 20 err)"
	elif [ -n "$pattern" ] && ! cat out err | grep -Eq -- "$pattern"; then
		fail "$name" "does not say /$pattern/: $*" "$(cat err out | head -n 20)"
	elif grep -Eq 'Sanitizer|runtime error:' err; then
		fail "$name" "$(head -n 40 err)"
	else
		pass "$name"
	fi
}

# is_json FILE: well-formed, as far as this machine can tell.
is_json() {
	if command -v python3 >/dev/null; then
		python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$1"
	else
		grep -q '^[[{]' "$1" && tail -n 1 "$1" | grep -q '[]}]$'
	fi
}

# scenario FILE [ELEMENTS [RUN-ATTRIBUTES]]: a small scenario that runs in well under a second; ELEMENTS replace its
# deployment.
scenario() {
	local run=${3-duration=\"2h\" warm-up=\"0s\" seed=\"1\" replications=\"3\"} elements=${2-}
	[ -n "$elements" ] || elements=$deployment
	cat >"$1" <<-XML
		<?xml version="1.0" encoding="UTF-8"?>
		<scenario xmlns="urn:sccsim:scenario:1" id="small">
		  <title>A small town</title>
		  <run $run/>
		  $elements
		</scenario>
	XML
}
city='<city width="4km" height="3km"/>'
network='<lorawan id="lpwan" region="EU868" adr="off"><gateways placement="grid" count="2" height="30m"/></lorawan>
  <platform id="cloud"/>'
class='<device-class id="meter" vertical="water" platform="cloud"><uses network="lpwan"/>
    <traffic pattern="periodic" period="10min" payload="24B"/></device-class>'
deploy='<deploy class="meter" count="40" placement="uniform"/>'
deployment="$city
  $network
  $class
  $deploy"
