# sccsim plan: the cheapest setting, what has none, what is no plan.
. "$(dirname "$0")/_lib.sh"

scenario s.xml "$(echo "$deployment" | sed 's/4km/12km/; s/3km/9km/')"
# plan FILE PLAN [TARGET [FACTORS]]
plan() {
	local factor="<factor id=\"gateways\" path=\"lorawan[@id='lpwan']/gateways/@count\" from=\"1\" to=\"16\"/>"
	cat >"$1" <<-XML
		<study xmlns="urn:sccsim:study:1" id="towers" scenario="s.xml" replications="auto" floor="5" ceiling="20">
		  ${4-$factor}
		  <response kpi="connectivity.frame-ratio" class="meter" target="${3->= 60%}"/>
		  $2
		</study>
	XML
}
plan p.xml '<plan factor="gateways"/>'
check "a plan has an answer in words" 0 'gateways are enough \(connectivity' "$SCCSIM" plan p.xml -o p
holds "with the path it took" grep -Eq '^  2\. 16 gateways +met' out
holds "every setting is in the table" grep -Eq '^16,2,[0-9]+,met,' p/plan.csv
holds "and one of them is the answer" grep -q ',answer,' p/plan.csv
holds "there is a page" grep -q 'How it was found' p/report.html
holds "and a picture" test -s p/plots/path-1-connectivity.frame-ratio-class-meter-.dat
check "one thread finds the same" 0 '' "$SCCSIM" plan p.xml -o one -j 1 -q
holds "to the byte" cmp p/plan.csv one/plan.csv
check "--json is JSON" 0 '"end": "found"' "$SCCSIM" plan p.xml -o json --json -q
holds "as any reader wants it" is_json out
check "--resume of what is finished runs nothing anew" 0 'are enough' "$SCCSIM" plan p.xml -o p --resume
holds "and leaves the same" cmp p/plan.csv one/plan.csv
holds "the record has the settings" sh -c '[ "$(sqlite3 p/results.sqlite "select count(*) from task")" -gt 20 ]'

# What a kill leaves: some replications are gone, and the plan is not finished.
sqlite3 one/results.sqlite "update study set finished=0; delete from task where (point + replication) % 3 = 0;
	delete from value where (point + replication) % 3 = 0" >/dev/null
check "an unfinished plan is not overwritten" 2 '\-\-resume goes on with it' "$SCCSIM" plan p.xml -o one
check "it is resumed" 0 'are enough' "$SCCSIM" plan p.xml -o one --resume
holds "to the same answer" cmp p/plan.csv one/plan.csv

plan two.xml '<plan factor="gateways" from="1" to="8"/>' '>= 60%' \
	"<factor id=\"gateways\" path=\"lorawan[@id='lpwan']/gateways/@count\" values=\"2; 4\"/>
	 <factor id=\"adr\" path=\"lorawan[@id='lpwan']/@adr\" values=\"on; off\"/>"
check "the others' levels are planned one by one" 0 'With adr=on: .*' "$SCCSIM" plan two.xml -o two
holds "each of them" grep -q '^adr=off$' out
plan easy.xml '<plan factor="gateways"/>' '>= 1%'
check "the cheapest may be enough" 0 'is enough already' "$SCCSIM" plan easy.xml -o easy
plan hard.xml '<plan factor="gateways" from="1" to="3"/>' '>= 99.9%'
check "there may be no answer" 0 'Not even 3 gateways' "$SCCSIM" plan hard.xml -o hard
plan range.xml '<plan factor="height" resolution="10m"/>' '>= 20%' \
	"<factor id=\"height\" path=\"lorawan[@id='lpwan']/gateways/@height\" from=\"10m\" to=\"90m\"/>"
check "a range is planned to a resolution" 0 'height = [0-9]+m is enough' "$SCCSIM" plan range.xml -o range

refused() { # NAME PATTERN
	check "$1" 2 "$2" "$SCCSIM" plan x.xml -o x
	holds "and nothing is run" test ! -e x
}
plan x.xml ''
refused "a study without a plan is none" 'has no plan: <plan factor='
plan x.xml '<plan factor="gateway"/>'
refused "a factor that is none is met with the nearest" 'there is no factor "gateway" \(did you mean gateways\?\)'
plan x.xml '<plan factor="gateways" resolution="2"/>'
refused "whole numbers have no resolution" 'whole numbers are looked at one by one'
plan x.xml '<plan factor="gateways" from="3"/>'
refused "one end is no range" 'is one end of a range'
sed 's/ target="[^"]*"//' p.xml >x.xml
refused "without a target there is nothing to meet" 'has nothing to meet'
plan x.xml '<plan factor="adr"/>' '>= 60%' "<factor id=\"adr\" path=\"lorawan[@id='lpwan']/@adr\" values=\"on; off\"/>"
refused "names have no order" 'no numbers that go up or down'
check "no study is a question" 2 'which study' "$SCCSIM" plan
mkdir busy
check "a folder where another is at work is left alone" 2 'another sccsim is at work on busy' \
	flock busy "$SCCSIM" plan p.xml -o busy
holds "and nothing is written there" sh -c '! ls -A busy | grep .'
exit $((failures > 0))
