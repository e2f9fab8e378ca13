# sccsim compare: two runs, two studies, what cannot be compared.
. "$(dirname "$0")/_lib.sh"

scenario s.xml "$(echo "$deployment" | sed 's/4km/12km/; s/3km/9km/')"
run() { "$SCCSIM" run s.xml -q -r 6 "$@"; }
run -o a
run -o b --set 'lorawan/gateways/@count=9'
run -o other --seed 2

check "two runs are compared" 0 'Of [0-9]+ KPIs [0-9]+ differ: [0-9]+ got better' "$SCCSIM" compare a b
holds "what was changed is said" grep -Fq 'lorawan#lpwan/gateways count: 2 -> 9' out
holds "a KPI has both values, the difference and its interval" grep -Eq '%: \+[0-9.]+ pp \([0-9.]+ to [0-9.]+\), \+[0-9.]+ %; (sure|probable)' out
holds "one seed: pair by pair" grep -Eq 'over 6 replications' out
check "a run differs from itself in nothing" 0 'none differs' "$SCCSIM" compare a a
holds "and nothing was changed" grep -q 'What was changed: nothing$' out
check "other seeds are no pairs" 0 'independent samples' "$SCCSIM" compare a other
check "--all names what cannot be told apart" 0 'Not distinguishable \([0-9]+\)' "$SCCSIM" compare a other --all
check "--json is JSON" 0 '"paired": true' "$SCCSIM" compare a b --json
holds "as any reader wants it" is_json out
check "-o writes a page and a table" 0 'Report: d/report.html' "$SCCSIM" compare a b -o d
holds "the table is there" grep -q '^,connectivity.frame-ratio,all,1,0' d/compare.csv
holds "the page is there" grep -q 'Relative differences' d/report.html
check "-o into a results folder is refused" 3 'a holds the results of a run or a study' "$SCCSIM" compare a b -o a
check "-q says nothing" 0 '^$' sh -c '"$0" compare a b -q; echo' "$SCCSIM"
check "--confidence is taken" 0 'at 99 % confidence' "$SCCSIM" compare a b --confidence 99%
check "and refused where it is none" 2 "give a share from 50% to under 100%" "$SCCSIM" compare a b --confidence 5

sed 's/<run /<run confidence="90%" /' s.xml >s90.xml
"$SCCSIM" run s90.xml -q -o c90
check "other confidence is refused" 2 'a was run at 95 % confidence and c90 at 90 %: choose one with --confidence' "$SCCSIM" compare a c90
check "unless one is chosen" 0 'at 95 % confidence' "$SCCSIM" compare a c90 --confidence 95%
check "no folder is a question" 2 'which two folders' "$SCCSIM" compare
check "so is one" 2 'which second folder' "$SCCSIM" compare a
check "three are too many" 2 "'d' is one too many" "$SCCSIM" compare a b d
check "a folder without results is refused" 2 'd: holds no results.sqlite' "$SCCSIM" compare a d
mkdir junk
echo junk >junk/results.sqlite
check "so is one with something else" 2 'neither a run nor a study' "$SCCSIM" compare a junk

study() {
	cat >"$1" <<-XML
		<study xmlns="urn:sccsim:study:1" scenario="${3-s.xml}" design="factorial" replications="3">
		  <factor id="gateways" path="lorawan[@id='lpwan']/gateways/@count" values="$2"/>
		  <response kpi="connectivity.frame-ratio"/>
		</study>
	XML
}
sed 's/period="10min"/period="5min"/' s.xml >twice.xml
study one.xml '2; 4'
study two.xml '4; 6' twice.xml
sed 's/id="gateways"/id="sites"/' one.xml >named.xml
for s in one two named; do "$SCCSIM" study $s.xml -q -o st-$s; done
check "two studies are compared point by point" 0 'latency.age-of-information, .*\[gateways=4\]' "$SCCSIM" compare st-one st-two
holds "points of one alone are named" grep -q 'KPIs at gateways=2' out
holds "and what changed in the study" grep -q 'scenario: s.xml -> twice.xml' out
check "other factors are refused" 2 'different factors: gateways in st-one, sites in st-named' "$SCCSIM" compare st-one st-named
check "a run and a study too" 2 'a is of a run and st-one of a study' "$SCCSIM" compare a st-one
exit $((failures > 0))
