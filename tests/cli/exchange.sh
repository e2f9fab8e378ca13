# Platforms that exchange data, and a ledger: the shipped scenario, what is refused and with which words.
. "$(dirname "$0")/_lib.sh"

"$SCCSIM" run "$root/scenarios/exchange/exchange.xml" -r 2 -j 1 -q -o j1 --set run/@duration=12h
"$SCCSIM" run "$root/scenarios/exchange/exchange.xml" -r 2 -j 2 -q -o j2 --set run/@duration=12h
holds "kpi.csv is the same for one thread and two" cmp j1/kpi.csv j2/kpi.csv
for kpi in interoperability.exchange-ratio,all interoperability.latency-p95,exchange=hub-asks-water \
	interoperability.lost-no-mapping,exchange=leaks-to-transport ledger.latency,ledger=readings broker.waiting-time,all; do
	holds "it tells $kpi" grep -q "^$kpi,.*[0-9]" j1/kpi.csv
done
holds "every account balances" grep -q 'Every account balances' j1/summary.txt
for account in 'cross-platform requests' 'ledger records' 'broker passes' 'platform requests'; do
	holds "that of $account is kept" grep -q "$account: balances" j1/summary.txt
done

base="$city $network $class $deploy <platform id=\"a\" data-model=\"saref\"/> <platform id=\"b\" data-model=\"ngsi-ld\"/>"
# bad NAME PATTERN ELEMENTS: refused so; they stand in line 8.
bad() {
	scenario bad.xml "$base
  $3"
	check "$1" 2 "$2" "$SCCSIM" run bad.xml -o results -q
	[ ! -e results ] || fail "$1: writes nothing" "results/ is there"
}
bad "an exchange with itself" 'bad.xml:8: <exchange to>: "a" is the platform that has the data' '<exchange id="x" from="a" to="a" rate="1/h"/>'
bad "an exchange of nothing" 'bad.xml:8: <exchange x>: needs a rate of requests' '<exchange id="x" from="a" to="b"/>'
bad "an exchange with a platform that is none" 'bad.xml:8: <exchange to>: there is no <platform> with id "c"' '<exchange id="x" from="a" to="c" rate="1/h"/>'
bad "an exchange with one without data-model" 'bad.xml:8: <exchange to>: "cloud" names no data-model' '<exchange id="x" from="a" to="cloud" rate="1/h"/>'
bad "a rate without its unit" 'bad.xml:8: <exchange rate>: "12" is not a rate' '<exchange id="x" from="a" to="b" rate="12"/>'
bad "a broker that is none" 'bad.xml:8: <exchange via>: there is no <federation-broker> with id "f"' '<exchange id="x" from="a" to="b" rate="1/h" via="f"/>'
bad "a mapping without coverage" 'bad.xml:8: <mapping>: .*coverage' '<mapping from="saref" to="ngsi-ld"/>'
bad "a mapping that covers more than all" 'bad.xml:8: <mapping coverage>: "120%"' '<mapping from="saref" to="ngsi-ld" coverage="120%"/>'
bad "a broker without servers" 'bad.xml:8: <federation-broker servers>: "0"' '<federation-broker id="f" servers="0"/>'
bad "a ledger of nothing" 'bad.xml:8: <ledger>: needs a <anchor>' '<ledger id="l"/>'
bad "confirmations without slots" 'bad.xml:8: <ledger confirmations>: "6" needs a block-interval' '<ledger id="l" confirmations="6"><anchor platform="a"/></ledger>'
bad "a quorum of more than all" 'bad.xml:8: <ledger quorum>: "5" is more than the 4' '<ledger id="l" quorum="5"><anchor platform="a"/></ledger>'
scenario finding.xml "$base <mapping from=\"saref\" to=\"ngsi-dl\" coverage=\"90%\"/> <exchange id=\"x\" from=\"a\" to=\"b\" rate=\"60/h\"/>"
check "a model that nobody speaks is a warning" 0 '"ngsi-dl" is spoken by no platform.*"ngsi-ld"' "$SCCSIM" run finding.xml -o f1
holds "and every request is lost for it" grep -q '^interoperability.lost-no-mapping,all,1,1,' f1/kpi.csv
exit $((failures > 0))
