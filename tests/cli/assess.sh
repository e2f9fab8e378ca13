# `sccsim assess': sheets, their scores, what is wrong with them, what the world does to them.
. "$(dirname "$0")/_lib.sh"

# sheet FILE INDICATORS [STATES]: a sheet of a small town.
states='<state id="now"/>
<state id="plan" scenario="s.xml" replications="3"/>'
sheet() {
	cat >"$1" <<-XML
		<?xml version="1.0" encoding="UTF-8"?>
		<assessment xmlns="urn:sccsim:assessment:1" id="town" city="Town" year="2026">
		<title>A small town</title>
		${3-$states}
		$2
		</assessment>
	XML
}
meters='<indicator code="EC: ICT: WS: 1C"><value state="now">4%</value>
<value state="plan" kpi="connectivity.connected-ratio" class="meter" factor="70%"/></indicator>'
water='<indicator code="EC: I: WS: 1C" value="100%"/>'
scenario s.xml

if [ -d "$root/scenarios/karmoy" ]; then
	check "Karmoy scores as its verified row says" 0 'reaches 77.27 % of the points of 11' "$SCCSIM" assess "$root/scenarios/karmoy/karmoy.xml" -o k
	check "fixed broadband is at 140.85 % of target" 0 ',84.51,%,,,,60,140.85,4,4,4,' cat k/scores.csv
	check "what has no benchmark has no points" 0 'given,95424,/100k,,,,,,,,,,,,,,,' cat k/scores.csv
	holds "the page is whole" sh -c 'tail -c 20 k/report.html | grep -q "</html>"'
	holds "and the radar is in it" sh -c 'test -s k/plots/radar-EC.svg && grep -q "<polygon" k/report.html'
	check "JSON on request" 0 '"kind": "sub-dimension"' "$SCCSIM" assess "$root/scenarios/karmoy/karmoy.xml" -o k --json
	holds "which is JSON" is_json out
	holds "so is the file" cmp out k/assessment.json
	check "quiet is quiet" 0 '^$' sh -c '"$0" assess "$1" -o k -q; echo' "$SCCSIM" "$root/scenarios/karmoy/karmoy.xml"
fi

sheet a.xml "$meters
$water"
check "a sheet with a simulated state" 0 'Report: results/town/report.html' "$SCCSIM" assess a.xml -j 2
check "gives values, intervals and changes" 0 '^plan,indicator,EC: ICT: WS: 1C,Smart water meters,simulated,[0-9.]+,%,[0-9.]+,[0-9.]+,3,100,' cat results/town/scores.csv
holds "every row has as many fields" sh -c 'grep -v "^#" "$0" | sed "s/\"[^\"]*\"//g" | awk -F, "NF != 22 { exit 1 }"' results/town/scores.csv
holds "the run of the state is kept" test -s results/town/states/plan/report.html -a -s results/town/states/plan/results.sqlite
holds "one thread gives the same scores" sh -c '"$0" assess a.xml -j 1 -q -o one && cmp one/scores.csv results/town/scores.csv && cmp one/assessment.json results/town/assessment.json' "$SCCSIM"
check "results of a finished run stand for it" 0 'Report' "$SCCSIM" assess a.xml --results plan=results/town/states/plan -o again
holds "and give the same scores" cmp again/scores.csv results/town/scores.csv
holds "without another run" test ! -e again/states
cp results/town/states/plan/results.sqlite run.sqlite
sheet r.xml "$meters" '<state id="now"/><state id="plan" results="run.sqlite"/>'
check "so does a record beside the sheet" 0 'Report' "$SCCSIM" assess r.xml -o again
sheet set.xml "$meters" '<state id="now"/><state id="plan" scenario="s.xml" replications="2"><set path="lorawan/gateways/@height" value="1m"/>
<set path="device-class/@height" value="0.1m"/></state>'
check "a setting of the state's scenario is set" 0 'Report' "$SCCSIM" assess set.xml -o set
holds "and changes what comes out" sh -c '! cmp -s set/states/plan/kpi.csv results/town/states/plan/kpi.csv && grep -q "height=\"1m\"" set/states/plan/scenario.xml'

check "a sheet is valid" 0 'a.xml: valid' "$SCCSIM" validate a.xml s.xml

# bad NAME PATTERN INDICATORS [STATES]: refused with status 2, and nothing is written.
bad() {
	sheet bad.xml "${@:3}"
	check "$1" 2 "$2" "$SCCSIM" assess bad.xml -o none
	holds "nothing is written" test ! -e none
	check "nor is it valid" 2 "$2" "$SCCSIM" validate bad.xml
}
bad "a code that is none" 'bad.xml:6: <indicator code>: "EC: ICT: W: 1C" is no indicator of U4SSC \(did you mean EC: ICT: WS: 1C\?\)' \
	'<indicator code="EC: ICT: W: 1C" value="4%"/>'
bad "a state that is not there" 'bad.xml:6: <value state>: there is no <state> with id "pla" \(did you mean plan\?\)' \
	'<indicator code="EC: ICT: WS: 1C"><value state="pla">4%</value></indicator>'
bad "no state at all" 'bad.xml:2: <assessment>: needs a <state>' "$water" ''
bad "a value without its unit" 'bad.xml:6: <indicator value>: "4" is not a percentage \(try 27.27%\)' '<indicator code="EC: ICT: WS: 1C" value="4"/>'
bad "a KPI that is none" 'bad.xml:6: <value kpi>: .* is no KPI \(did you mean connectivity.connected-ratio\?\)' \
	'<indicator code="EC: ICT: WS: 1C"><value state="plan" kpi="connectivity.conected-ratio"/></indicator>'
bad "a device class that is none" 'bad.xml:6: <value class>: "metre" is the id of no element of .*s.xml' \
	'<indicator code="EC: ICT: WS: 1C"><value state="plan" kpi="connectivity.connected-ratio" class="metre"/></indicator>'
bad "an attribute that is none" 'has no attribute "valeu" \(did you mean value\?\)' '<indicator code="EC: ICT: WS: 1C" valeu="4%"/>'
bad "a scenario that is not there" 'bad.xml:4: .*nowhere.xml' "$water" '<state id="plan" scenario="nowhere.xml"/>'
bad "a scenario outside the sheet's folder" 'bad.xml:4: .*leaves the .*folder' "$water" '<state id="plan" scenario="/etc/passwd"/>'
bad "a setting that names nothing" 'bad.xml:4: .*lorawn' "$meters" \
	'<state id="plan" scenario="s.xml"><set path="lorawn/@adr" value="on"/></state><state id="now"/>'

check "results of a state that is none" 2 'has no state "pln"' "$SCCSIM" assess a.xml --results pln=results/town/states/plan -o none
check "results where there are none" 2 'state plan: ' "$SCCSIM" assess a.xml --results plan=none -o w
check "results without a state" 2 'give STATE=DIR' "$SCCSIM" assess a.xml --results none
check "a scenario is no sheet" 2 'is not in the namespace urn:sccsim:assessment:1' "$SCCSIM" assess s.xml
check "a sheet is no scenario" 2 'is not in the namespace urn:sccsim:scenario:1' "$SCCSIM" run a.xml
check "no sheet" 2 'which sheet' "$SCCSIM" assess
check "two sheets" 2 'one too many' "$SCCSIM" assess a.xml a.xml
check "a sheet that is not there" 2 'nowhere.xml' "$SCCSIM" assess nowhere.xml
check "threads that are none" 2 'jobs' "$SCCSIM" assess a.xml -j 0

# limited KIB ARGUMENT...: the program with no file larger than that; what it says goes through a pipe, which has no size.
limited() {
	local kib=$1
	shift
	(ulimit -f "$kib" && exec "$SCCSIM" "$@") 2>&1 | cat
	return "${PIPESTATUS[0]}"
}
sheet given.xml "$water" '<state id="now"/>'
for kib in 0 1 4; do
	# The thread sanitizer writes a file of its own.
	[ $kib -eq 0 ] && ldd "$SCCSIM" | grep -q libtsan && continue
	check "a disk that is full after $kib KiB" 3 "full$kib.*([Ff]ull|too large|[Nn]o space)" limited $kib assess given.xml -o full$kib
	holds "leaves nothing half written" sh -c '[ -z "$(find full'$kib' -type f 2>/dev/null)" ]'
done
check "a full disk in the run of a state" 3 'full40.*([Ff]ull|too large|[Nn]o space|disk I/O error)' limited 40 assess a.xml -o full40
holds "leaves no scores" test ! -e full40/scores.csv
check "a folder in place of which a file stands" 3 'a.xml' "$SCCSIM" assess given.xml -o a.xml/results
for command in "assess given.xml -o o" "assess given.xml -o o --json" "schema assessment"; do
	# shellcheck disable=SC2086
	check "standard output is full: $command" 3 'No space left' sh -c '"$0" "$@" >/dev/full' "$SCCSIM" $command
done

scenario long.xml "$deployment" 'duration="2d" warm-up="0s" replications="100000"'
sheet long-sheet.xml "$meters" '<state id="now"/><state id="plan" scenario="long.xml"/>'
set -m # so that the background job does not ignore SIGINT
"$SCCSIM" assess long-sheet.xml -o stopped -j 2 >out 2>err &
pid=$!
sleep 2
kill -INT $pid
wait $pid
status=$?
holds "Ctrl-C ends it with status 3" test $status -eq 3
holds "it says what is kept" grep -q 'what had finished of state plan is kept in stopped/states/plan' err
holds "which is" test -s stopped/states/plan/kpi.csv
holds "and writes no scores" test ! -e stopped/scores.csv
exit $((failures > 0))
