# Studies: what they write, how they go on after a stop, shards, mistakes.
. "$(dirname "$0")/_lib.sh"

scenario town.xml "" 'duration="20min" warm-up="0s" seed="3" replications="1"'
# study FILE [ATTRIBUTES [FACTORS]]
study() {
	local attributes=${2-replications=\"3\"} factors=$3
	cat >"$1" <<-XML
		<study xmlns="urn:sccsim:study:1" id="small-study" scenario="town.xml" $attributes>
		  <title>A small town: gateways and traffic</title>
		  $factors
		  <response kpi="connectivity.delivery-ratio" target="&gt;= 95%"/>
		  <response kpi="latency.p95" class="meter"/>
		</study>
	XML
}
two='<factor id="gateways" path="lorawan/gateways/@count" values="1; 2; 4"/>
  <factor id="period" path="device-class/traffic/@period" values="10min; 5min"/>'
answers="kpi.csv points.csv effects.csv"
# same DIR DIR: their answers are the same to the byte.
same() {
	local f
	for f in $answers; do cmp "$1/$f" "$2/$f" || return 1; done
}

study s.xml 'replications="3"' "$two"
check "a study runs" 0 'small-study/report.html' "$SCCSIM" study s.xml
for f in $answers study.xml summary.txt report.html results.sqlite; do
	holds "it writes $f" test -s results/small-study/$f
done
check "a row for every point" 0 '^5,4,5min,3,0,' cat results/small-study/points.csv
check "nothing else is left" 0 '^$' sh -c 'ls -A results/small-study | grep -E "^[.]|-wal|-shm"; echo'
check "the report can be drawn again" 0 'Report' "$SCCSIM" report results/small-study
cp -r results/small-study whole
for j in 1 2 4; do
	check "on $j threads" 0 '' "$SCCSIM" study s.xml -j $j -o j$j -q
	holds "the answers are the same" same whole j$j
done

# ---- precision ----
study auto.xml 'replications="auto" precision="2%" floor="4" batch="2" ceiling="12"' "$two"
check "replications until precise" 0 '' "$SCCSIM" study auto.xml -j 1 -o a1 -q
check "on other threads" 0 '' "$SCCSIM" study auto.xml -j 3 -o a3 -q
holds "it is the same decision" same a1 a3
check "and not the same number everywhere" 0 '^[2-9]' sh -c 'grep -v "^[#p]" a1/points.csv | cut -d, -f4 | sort -u | wc -l'

# ---- shards ----
for i in 1 2 3; do
	check "shard $i of 3" 0 '' "$SCCSIM" study auto.xml --shard $i/3 -o part$i -q
done
check "shards put together" 0 '' "$SCCSIM" merge part1 part2 part3 -o merged -q
holds "are the study" same a1 merged
check "a missing shard is told" 3 '2 of 6 points are missing' "$SCCSIM" merge part1 part3 -o two-thirds -q
check "and its points are run by a resumption" 0 '' "$SCCSIM" study auto.xml --resume -o two-thirds -q
holds "to the same end" same a1 two-thirds
check "a shard twice is refused" 2 'points that another part has' "$SCCSIM" merge part1 part1 -o twice -q
check "no folder" 2 'holds no study' "$SCCSIM" merge none -o x
check "shard beyond the last" 2 'from 1 to 3' "$SCCSIM" study s.xml --shard 4/3
check "shard without a slash" 2 'give I/N' "$SCCSIM" study s.xml --shard 4

# ---- what may not be gone on with ----
check "a study that is done may be resumed" 0 '' "$SCCSIM" study s.xml -o whole --resume -q
holds "and stays as it was" same whole j1
sed 's/values="1; 2; 4"/values="1; 2; 5"/' s.xml >changed.xml
check "a changed study is not" 2 'of another input' "$SCCSIM" study changed.xml -o whole --resume
cp town.xml kept.xml
sed -i 's/payload="24B"/payload="25B"/' town.xml
check "nor a changed scenario" 2 'of another input' "$SCCSIM" study s.xml -o whole --resume
mv kept.xml town.xml
cp "$SCCSIM" other && printf '\0' >>other
SCCSIM_LIB=$root/scenarios/lib check "nor another build" 2 'another build' env SCCSIM_LIB="$root/scenarios/lib" ./other study s.xml -o whole --resume
check "nor as a shard" 2 'shard 1/1' "$SCCSIM" study s.xml -o whole --resume --shard 1/2
"$SCCSIM" run town.xml -o run -q
check "a run is not a study" 2 'not the record of a study' "$SCCSIM" study s.xml -o run --resume
echo hello >foreign.sqlite
mkdir foreign && mv foreign.sqlite foreign/results.sqlite
check "what is not ours stays" 2 'not ours' "$SCCSIM" study s.xml -o foreign

# ---- failures of points ----
study half.xml 'replications="2"' '<factor id="warm-up" path="run/@warm-up" values="0s; 10min"/>
  <factor id="duration" path="run/@duration" values="20min; 5min"/>'
check "one point cannot be run, the others are" 0 '1 replications or points failed' "$SCCSIM" study half.xml -o half -j 2
check "and it says why" 0 '3,10min,5min,0,0,.*warm-up.*is not shorter' cat half/points.csv
check "the others have their values" 0 '^2,10min,20min,2,0,[01]' cat half/points.csv

# ---- mistakes in the document ----
study bad.xml 'replications="many" warm-up="soon"' '<factor id="gateways" path="lorawan/gateways/@cuont" values="1; 2"/>
  <factor id="period" path="device-class/traffic/@period" values="10min; 5 mins"/>
  <factor id="log" path="device-class/traffic/@period" from="0s" to="1h" scale="log"/>
  <constraint require="gatways = 1"/>'
check "every mistake is told" 2 'bad.xml:3: <factor path>: "lorawan/gateways/@cuont" there is no such attribute' "$SCCSIM" study bad.xml
mv err said
check "of the root" 0 'bad.xml:1: <study replications>: "many" is neither auto nor a whole number' cat said
check "of the warm-up" 0 '<study warm-up>: "soon" is neither auto nor a duration' cat said
check "of a range" 0 'bad.xml:5: <factor scale>: .*wants a range above zero' cat said
check "of a constraint" 0 'bad.xml:6: <constraint>: "gatways = 1": gatways is not a factor' cat said
check "nothing is written" 1 '' test -e results/bad
study value.xml 'replications="2"' '<factor id="period" path="device-class/traffic/@period" values="10min; 5 mins"/>'
check "a value that the scenario refuses" 2 'value.xml:3: <factor period>: period=5 mins: .*is not a duration' "$SCCSIM" study value.xml
study list.xml 'design="list" replications="2"' '<point id="today"/>
  <point id="more"><set path="lorawan/gateways/@count" value="4"/><set path="deploy/@count" value="80"/></point>'
check "a list of points" 0 '' "$SCCSIM" study list.xml -o list -q
check "by their names" 0 '^1,more,2,0,' cat list/points.csv
study fixed.xml 'replications="2" keep="all"' '<set path="deploy/@count" value="3"/>
  <factor id="period" path="device-class/traffic/@period" values="10min; 5min"/>'
check "what the study sets holds at every point" 0 '' "$SCCSIM" study fixed.xml -o fixed -q
check "three devices send less than forty" 0 '^1,messages.generated,all,1,1?[0-9](\.5)?,' cat fixed/kpi.csv
study range.xml 'design="latin-hypercube" samples="5" replications="2"' '<factor id="count" path="deploy/@count" from="20" to="60"/>
  <factor id="period" path="device-class/traffic/@period" from="5min" to="20min" scale="log">
    <set path="device-class/traffic/@payload" from="20B" to="40B"/></factor>'
check "ranges in a Latin hypercube" 0 '' "$SCCSIM" study range.xml -o range -q
check "have as many points as asked for" 0 '^4,[0-9]+,' cat range/points.csv
exit $((failures > 0))
