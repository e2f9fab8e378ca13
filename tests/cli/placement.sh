# sccsim plan of a placement, and the sites of a <gateways> that are used.
. "$(dirname "$0")/_lib.sh"

cat >sites.csv <<-CSV
	id,x,y,height,gain
	north,3000,5200,30,0
	south,3100,700,30,0
	middle,3000,3000,20,0
	west,600,2900,40,-3
	next door,3100,3100,20,0
CSV
gateways='<lorawan id="lpwan" region="EU868" adr="off" activation="personalised"><gateways placement="file" file="sites.csv"/></lorawan>
	<platform id="cloud"/>'
deploy='<deploy class="meter" count="150" placement="uniform" indoor="100%"/>'
class='<device-class id="meter" vertical="water" platform="cloud" height="1m"><uses network="lpwan"/>
	<traffic pattern="periodic" period="6h" payload="24B"/></device-class>'
town='<city width="6km" height="6km"><propagation model="okumura-hata" environment="urban"/><building-entry model="38901-mixed"/></city>'
scenario s.xml "$town $gateways $class $deploy" 'duration="1min" seed="1" replications="3"'

# sites SITES: a run with those.
sites() { "$SCCSIM" run s.xml -q -o run --set "lorawan/gateways/@sites=$1"; }
coverage() { sed -n 's/^connectivity.coverage,class=meter,1,\([^,]*\),.*/\1/p' run/kpi.csv; }
check "some of the sites of a file are used" 0 '' sites 'south; next door'
holds "no other" grep -q '"layer":"gateways","features":2,' run/layers.geojson
two=$(coverage)
sites 'next door;south'
holds "their order is no matter" test "$two" = "$(coverage)"
"$SCCSIM" run s.xml -q -o run
all=$(coverage)
holds "all sites reach more" awk "BEGIN { exit !($all > $two) }"
check "a site that is none is refused" 2 '"east" names no row of the file' sites 'south; east'
check "so is one twice" 2 '"south" stands there twice' sites 'south; south'
check "and none at all" 2 'names no site' sites ' ; '
check "sites go with a file" 2 'goes with placement="file"' "$SCCSIM" run s.xml -q --set 'lorawan/gateways/@placement=grid'

# placement FILE ATTRIBUTES
placement() {
	cat >"$1" <<-XML
		<study xmlns="urn:sccsim:study:1" id="places" scenario="s.xml" replications="3">
		  <placement path="lorawan[@id='lpwan']/gateways/@sites" candidates="sites.csv" $2/>
		  <response kpi="connectivity.coverage" class="meter"/>
		</study>
	XML
}
placement p.xml 'choose="2" evaluations="20"'
check "two of five sites are chosen" 0 'The best 2 of 5 sites that were found' "$SCCSIM" plan p.xml -o p
holds "what each brought is in a table" grep -Eq '^2,[a-z ]+,[0-9.]+,' p/placement.csv
holds "every set in another" grep -q ',best$' p/sets.csv
holds "there is a page" grep -q 'How they were found' p/report.html
holds "with what each site adds" test -s p/plots/returns.dat

# Every pair, one by one.
best=0
for a in north south middle west; do
	for b in south middle west 'next door'; do
		case "$a:$b" in south:south | middle:south | middle:middle | west:south | west:middle | west:west) continue ;; esac
		sites "$a; $b" && best=$(awk "BEGIN { x = $(coverage); print (x > $best) ? x : $best }")
	done
done
found=$(sed -n 's/^[0-9]*,[a-z]*,.*,\([0-9.]*\),best$/\1/p' p/sets.csv)
holds "no pair of all is better" awk "BEGIN { d = $best - ${found:-0}; exit !(d < 1e-6 && d > -1e-6) }"

check "one thread chooses the same" 0 '' "$SCCSIM" plan p.xml -o one -j 1 -q
for f in placement.csv sets.csv summary.txt; do holds "to the byte: $f" cmp p/$f one/$f; done
sqlite3 one/results.sqlite "update study set finished=0; delete from task where point % 3 = 0; delete from value where point % 3 = 0" \
	>/dev/null
check "an unfinished one is resumed" 0 'The best 2 of 5' "$SCCSIM" plan p.xml -o one --resume
holds "to the same answer" cmp p/sets.csv one/sets.csv
check "--json is JSON" 0 '"best": \[' "$SCCSIM" plan p.xml -o json --json -q
holds "as any reader wants it" is_json out

refused() { # NAME PATTERN
	check "$1" 2 "$2" "$SCCSIM" plan x.xml -o x
	holds "and nothing is run" test ! -e x
}
placement x.xml 'choose="5"'
refused "all of them are no choice" 'nothing is to be chosen'
placement x.xml 'choose="2" response="latency.p95"'
refused "a response that is none is refused" 'is the id of no response \("connectivity.coverage\[class=meter\]" is\)'
sed "s/@sites/@site/" p.xml >x.xml
refused "so is an address that is none" 'there is no such attribute'
sed 's/connectivity.coverage" class="meter"/messages.per-hour"/' p.xml >x.xml
refused "better must have a direction" 'is better neither way: say max or min'
printf 'id,x,y\na,1,1\na,2,2\nb,3,3\n' >twice.csv
sed 's/candidates="sites.csv"/candidates="twice.csv"/' p.xml >x.xml
refused "two sites of one name are refused" 'two rows are called "a"'
sed 's/id,x/id,x/; s/next door/elsewhere/' sites.csv >other.csv
sed 's/candidates="sites.csv"/candidates="other.csv"/' p.xml >x.xml
refused "candidates are those of the scenario" '"elsewhere" names no row'
exit $((failures > 0))
