# What a run prints and leaves, and that it is the same whatever the threads.
. "$(dirname "$0")/_lib.sh"

scenario s.xml
check "a run prints its summary and names its report" 0 '^Report: results/small/report.html$' "$SCCSIM" run s.xml
for f in results.sqlite kpi.csv series.csv scenario.xml layers.geojson summary.txt report.html; do
	holds "it leaves $f" test -s "results/small/$f"
done
holds "and plots" sh -c 'ls results/small/plots/*.svg'
holds "nothing is left half written" sh -c '! find results -name "*.tmp*" -o -name "*.new" -o -name "*-journal" -o -name "*-wal" | grep .'
holds "standard error is empty without a terminal" test ! -s err
holds "the summary on the terminal is summary.txt" sh -c 'head -c "$(wc -c <results/small/summary.txt)" out | cmp - results/small/summary.txt'
holds "kpi.csv has its columns" sh -c 'grep -v "^#" results/small/kpi.csv | head -n 1 | grep -qx "kpi,group,unit,mean,ci_low,ci_high,replications,target,verdict"'
holds "the output carries the version" grep -q "$(cat "$root/VERSION")" results/small/summary.txt

"$SCCSIM" run s.xml -r 6 -j 1 -q -o j1
"$SCCSIM" run s.xml -r 6 -j 2 -q -o j2
"$SCCSIM" run s.xml -r 6 -j 5 -q -o j5
holds "kpi.csv is the same for one thread and two" cmp j1/kpi.csv j2/kpi.csv
holds "and for five" cmp j1/kpi.csv j5/kpi.csv
holds "so is series.csv" cmp j1/series.csv j2/series.csv
holds "so is layers.geojson" cmp j1/layers.geojson j2/layers.geojson
check "another seed" 0 '' "$SCCSIM" run s.xml -r 6 --seed 99 -o seed99
holds "gives other results" sh -c '! cmp -s j1/kpi.csv seed99/kpi.csv'
check "the scenario as run" 0 '' "$SCCSIM" run j1/scenario.xml -r 6 -o again
values() { grep -v '^#' "$1/kpi.csv"; }
holds "gives the same again" cmp <(values j1) <(values again)

scenario ends.xml "$(printf '%s' "$deployment" | sed "s/<device-class /<device-class service-life='1h' /g")"
check "devices with a service life" 0 'retired' "$SCCSIM" run ends.xml -o ends
holds "their ways are drawn" grep -q 'operational.*retired' ends/plots/flow-life.svg
holds "and who is where" test -s ends/plots/stack-lifecycle.devices.dat
holds "under a heading of the report" grep -q '<h2 id="compliance">Compliance</h2>' ends/report.html
holds "elsewhere lives are nothing to tell" sh -c '! test -e results/small/plots/flow-life.svg && ! grep -q lifecycle results/small/kpi.csv'

if ! script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	echo "# skipped: progress on a terminal; this machine has no script, or no pseudo-terminals"
else
	SCCSIM="$SCCSIM" script -qec '"$SCCSIM" run s.xml -r 40 -o tty >/dev/null' tty.log >/dev/null </dev/null
	holds "progress goes to standard error on a terminal" grep -q 'of 40 replications' tty.log
	SCCSIM="$SCCSIM" script -qec '"$SCCSIM" run s.xml -r 40 -q -o tty' tty.log >/dev/null </dev/null
	holds "--quiet wants none" sh -c '! grep -q "of 40 replications" tty.log'
	SCCSIM="$SCCSIM" script -qec '"$SCCSIM" run s.xml -r 40 -o tty 2>tty.err' tty.log >/dev/null </dev/null
	holds "nor does another place than a terminal" test ! -s tty.err
fi
check "--quiet says nothing" 0 '^$' sh -c '"$0" run s.xml -q -o q; echo' "$SCCSIM"
check "--json prints JSON" 0 '^' "$SCCSIM" run s.xml --json -o q
holds "that can be read" is_json out
check "--set reaches an attribute" 0 '' "$SCCSIM" run s.xml -q -o set --set "deploy[@class='meter']/@count=5"
holds "as scenario.xml shows" grep -q 'count="5"' set/scenario.xml
check "--set finds the = behind a predicate" 0 'adr.*on' "$SCCSIM" explain s.xml --set "lorawan[@id='lpwan']/@adr=on"
check "--set creates what the file leaves to its default" 0 '' "$SCCSIM" run s.xml -q -o set2 --set "city/@height=2km" \
	--set "deploy/@indoor=50%"
holds "also in scenario.xml" grep -q 'indoor="50%"' set2/scenario.xml

targets() { scenario t.xml "$deployment <kpis><kpi name=\"connectivity.delivery-ratio\" target=\"$1\"/></kpis>"; }
targets '&gt;= 0%'
check "--check of a target that is met" 0 met "$SCCSIM" run t.xml --check -o t
targets '&lt;= 0%'
check "--check of a target that is missed" 1 missed "$SCCSIM" run t.xml --check -o t
check "without --check it is no failure" 0 missed "$SCCSIM" run t.xml -o t
check "one replication decides nothing" 0 undecided "$SCCSIM" run t.xml --check -r 1 -o t

check "without an id the folder is named after the file" 0 '' sh -c 'sed "s/ id=\"small\"//" s.xml >town.v2.xml && "$0" run town.v2.xml -q' "$SCCSIM"
holds "so it is" test -s results/town.v2/kpi.csv
check "explain prints values, given and defaulted" 0 'width.*4 ?km' "$SCCSIM" explain s.xml
cat >bare.xml <<'X'
<scenario xmlns="urn:sccsim:scenario:1" id="bare"><run duration="1h"/><city width="3km" height="3km"/>
<lorawan id="l" region="AS923"><channel frequency="923.2MHz" min-data-rate="6"/><gateways count="1"/></lorawan>
<device-class id="c"><uses network="l"/><traffic period="10min"/><battery capacity="5Wh" voltage="3.6V"/></device-class>
<deploy class="c" count="3"/></scenario>
X
check "explain shows what is in force though it does not stand there" 0 '^ *shadowing \(not in the file' "$SCCSIM" explain bare.xml
check "and what follows from something else" 0 '^ *voltage +3.6V +voltage +derived' "$SCCSIM" explain bare.xml
check "and from a region" 0 '^ *rx2-power +16dBm' "$SCCSIM" explain bare.xml
check "and from a data rate" 0 '^ *max-data-rate +6 ' "$SCCSIM" explain bare.xml
check "explain as JSON" 0 '' "$SCCSIM" explain s.xml --json
holds "that can be read too" is_json out
check "models prints elements" 0 'lorawan' "$SCCSIM" models
check "models of one" 0 'region' "$SCCSIM" models lorawan
check "models as JSON" 0 '' "$SCCSIM" models --json
holds "that can be read as well" is_json out
cp j1/report.html before.html
rm -r j1/plots j1/report.html
check "report draws again" 0 'Report: j1/report.html' "$SCCSIM" report j1
holds "what was there" test -s j1/report.html
holds "plots too" sh -c 'ls j1/plots/*.svg'

check "new writes a scenario" 0 'town.xml' "$SCCSIM" new town
check "that is valid" 0 'town.xml: valid' "$SCCSIM" validate town.xml
check "and is left alone the next time" 2 'there already' "$SCCSIM" new town
check "new to standard output" 0 '<scenario' "$SCCSIM" new other -o -
check "new runs" 0 '' "$SCCSIM" run town.xml -r 1 -q --set "run/@duration=1h" --set "run/@warm-up=0s"
"$SCCSIM" schema >schema.xsd
holds "the schema takes the small scenario" xmllint --noout --schema schema.xsd s.xml
holds "and the new one" xmllint --noout --schema schema.xsd town.xml
holds "and a resolved one" xmllint --noout --schema schema.xsd set/scenario.xml
exit $((failures > 0))
