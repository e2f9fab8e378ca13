# Every kind of bad input: a clear diagnostic with its place, exit status 2, no crash, nothing written.
. "$(dirname "$0")/_lib.sh"

# bad NAME PATTERN [RUN-ARGUMENT...]: running bad.xml is refused so.
bad() {
	local name=$1 pattern=$2
	shift 2
	check "$name" 2 "$pattern" "$SCCSIM" run bad.xml -o results -q "$@"
	[ ! -e results ] || fail "$name: writes nothing" "results/ is there"
	rm -rf results
}

# The file itself.
check "a file that is not there" 2 "nowhere.xml.*No such file" "$SCCSIM" run nowhere.xml
: >bad.xml
bad "an empty file" "bad.xml"
printf '<scenario xmlns="urn:sccsim:scenario:1" id="x"><run' >bad.xml
bad "XML that breaks off" "bad.xml:1: "
printf '\0\1\2\377\376garbage' >bad.xml
bad "bytes that are no XML" "bad.xml"
head -c 100000 /dev/urandom >bad.xml
bad "random bytes" "bad.xml"
for encoding in UTF-7 UTF-16 UCS-4 GB18030 nonsense; do
	printf '<?xml version="1.0" encoding="%s"?><scenario xmlns="urn:sccsim:scenario:1" id="\303\251\377"/>' $encoding >bad.xml
	bad "bytes that are no $encoding" 'bad.xml:1: not well-formed XML: '
	holds "said in one line" sh -c 'test "$(wc -l <err)" -eq 1'
done
mkdir folder && cp -r folder bad.d
check "a folder for a file" 2 "bad.d" "$SCCSIM" run bad.d
sed 's/urn:sccsim:scenario:1/urn:other/' <(scenario /dev/stdout) >bad.xml
bad "another namespace" "bad.xml:2: .*urn:sccsim:scenario:1"
printf '<html xmlns="urn:sccsim:scenario:1"/>' >bad.xml
bad "another root" "bad.xml:1: .*scenario"

# Elements and attributes.
scenario bad.xml "$city <citty/>"
bad "an element that is none names the nearest" "bad.xml:5: <citty>.*city"
scenario bad.xml "<city width=\"4km\" height=\"3km\" colour=\"red\"/>"
bad "an attribute that is none" 'bad.xml:5: <city>.*"colour"'
scenario bad.xml "$city $city"
bad "an element too many" "bad.xml:5: <city>"
scenario bad.xml "$network $class $deploy"
bad "an empty scenario: no city" "city"
scenario bad.xml "$city $network $class $deploy" 'duration="2 hurs"'
bad "a unit that is none" 'bad.xml:4: <run duration>: "2 hurs" is not a duration \(try 6h'
scenario bad.xml "$city $network $class $deploy" 'duration="7200"'
bad "a quantity without its unit" 'bad.xml:4: <run duration>: "7200" is not a duration'
scenario bad.xml "<city width=\"4kg\" height=\"3km\"/>"
bad "a unit of another kind" 'bad.xml:5: <city width>: "4kg" is not a length'
for value in nan NaNm infm -infkm 1e999km 0x10km '' ' '; do
	scenario bad.xml "<city width=\"$value\" height=\"3km\"/> $network $class $deploy"
	bad "a width of \"$value\"" 'bad.xml:5: <city width>'
done
scenario bad.xml "<city width=\"-4km\" height=\"3km\"/> $network $class $deploy"
bad "a value out of range" 'bad.xml:5: <city width>: '
scenario bad.xml "<city width=\"0m\" height=\"0m\"/> $network $class $deploy"
bad "a city without extent" 'bad.xml:5: <city (width|height)>'
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"0\" placement=\"uniform\"/>"
bad "no devices" 'bad.xml:7: <deploy count>'
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"4.5\" placement=\"uniform\"/>"
bad "half a device" 'bad.xml:7: <deploy count>'
for part in "" "$network $class"; do
	scenario bad.xml "$city $part"
	bad "no deployment at all" 'bad.xml:2: <scenario>: needs a <deploy>'
	check "validate says so too" 2 'bad.xml:2: <scenario>: needs a <deploy>' "$SCCSIM" validate bad.xml
done
scenario bad.xml "$city $network $class $deploy" 'duration="300yr"'
bad "a duration that no clock holds" 'bad.xml:4: <run duration>: "300yr" is too long'
scenario bad.xml "$city $network $class $deploy" 'duration="6h 6h"'
bad "a duration that counts a unit twice" 'bad.xml:4: <run duration>: "6h 6h" is not a duration'
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"40\" placement=\"unifrom\"/>"
bad "a choice that is none lists those there are" 'bad.xml:7: <deploy placement>: .*uniform'
scenario bad.xml "$city $network $class $deploy" 'duration="2h" replications="0"'
bad "no replications" 'bad.xml:4: <run replications>'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"connectivity.coverage\" district=\"atlantis\" target=\"&gt;= 9%\"/></kpis>"
bad "a target for a district that is none" 'bad.xml:[0-9]+: <kpi district>: "atlantis"'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"connectivity.coverage\" class=\"lpwan\" target=\"&gt;= 9%\"/></kpis>"
bad "a target for a class that is none" 'bad.xml:[0-9]+: <kpi class>: "lpwan"'
scenario bad.xml "$city $network $class $deploy" 'duration="2h" start="2026-13-40"'
bad "a day that is none" 'bad.xml:4: <run start>'

# Ids.
scenario bad.xml "$city $network $class <deploy class=\"metre\" count=\"40\" placement=\"uniform\"/>"
bad "a dangling id" 'bad.xml:7: <deploy class>: .*metre'
scenario bad.xml "$city $network $class $class $deploy"
bad "an id given twice" 'bad.xml:7: .*meter'
scenario bad.xml "$city $network $class <deploy class=\"lpwan\" count=\"40\" placement=\"uniform\"/>"
bad "the id of something else" 'bad.xml:7: <deploy class>: .*lpwan'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"connectivity.delivery-ration\" target=\"&gt;= 98%\"/></kpis>"
bad "a KPI that is none" 'bad.xml:7: <kpi name>: .*delivery-ratio'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"connectivity.delivery-ratio\" target=\"98%\"/></kpis>"
bad "a target without a direction" 'bad.xml:7: <kpi target>'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"connectivity.delivery-ratio\" target=\"&gt;= 98\"/></kpis>"
bad "a share above one" 'bad.xml:7: <kpi target>: ">= 98" is a share above 100%'
scenario bad.xml "$city $network $class $deploy <kpis><kpi name=\"latency.p99\" target=\"<= 10s\"/></kpis>"
bad "a < as it is" 'bad.xml:7: .*write &lt; for <'
scenario bad.xml "<city width=\"4km\" height=\"3km\"> smith & sons </city> $network
  $class <nothing> $deploy"
bad "the first of several mistakes in the XML" 'bad.xml:5: .*write &amp; for &'
scenario bad.xml "$city $network $class $deploy <traffic period=\"1h\"/>"
bad "an element in the wrong place" 'bad.xml:7: <traffic>: stands in <device-class>'

# The security baseline.
secured() { # secured NAME PATTERN INSIDE-THE-CLASS [BESIDE]: refused.
	scenario bad.xml "$city $network ${4-} <device-class id=\"safe\">$3</device-class> $class $deploy"
	bad "$1" "$2"
}
secured "a baseline that is not there" 'bad.xml:[0-9]+: <security baseline>: .*is no baseline, did you mean en-303-645' '<security baseline="en-303-654"/>'
secured "a provision that is not there" 'bad.xml:[0-9]+: <product meets>: .*has "5.1-9", which is no provision' '<product id="p" meets="5.1-9"/>'
secured "shares that are more than all" 'bad.xml:[0-9]+: <vendors share>: .*add up to 130 %' '<vendors count="2" share="70%"/><vendors count="2" share="60%"/>'
secured "tests without a laboratory" 'bad.xml:[0-9]+: <security conformance>: .*needs a <laboratory>' '<security conformance="third-party"/>'
secured "a profile of nothing" 'bad.xml:[0-9]+: <provision of>: .*is no provision' '' '<baseline id="own"><provision of="5.99-1" status="mandatory"/></baseline>'
secured "renewal of what does not end" 'bad.xml:[0-9]+: <security-policy renewal>: .*of no use' '<security/>' '<security-policy renewal="off"/>'

# Cellular networks.
cellular() { # cellular NAME PATTERN ELEMENTS-INSIDE [ATTRIBUTES]: a network with that is refused.
	scenario bad.xml "$city <nb-iot id=\"lpwan\" ${4-}>$3</nb-iot> <platform id=\"cloud\"/> $class $deploy"
	bad "$1" "$2"
}
cellular "a lattice of sites counted and spaced" 'bad.xml:5: <sites count>: .*follows from inter-site-distance' \
	'<sites count="3" inter-site-distance="500m"/>'
printf 'x,y\n100,100\n' >sites.csv
cellular "a distance between sites of a file" 'bad.xml:5: <sites inter-site-distance>: .*goes with placement="hexagonal"' \
	'<sites placement="file" file="sites.csv" inter-site-distance="500m"/>'
cellular "two sectors" 'bad.xml:5: <sites sectors>: "2" is none of 1, 3' '<sites sectors="2"/>'
cellular "a coverage class beyond the technology" 'bad.xml:5: <coverage-class coupling-loss>: .*is over the 164 dB' \
	'<sites/><coverage-class coupling-loss="170dB" preambles="12" period="320ms"/>'
cellular "a coverage class twice" 'bad.xml:5: <coverage-class coupling-loss>: .*is that of the class at line 5' \
	'<sites/><coverage-class coupling-loss="144dB" preambles="12" period="40ms"/><coverage-class coupling-loss="144dB" preambles="12" period="40ms"/>'
cellular "subcarriers that NB-IoT has not" 'bad.xml:5: <coverage-class preambles>: .*is no number of subcarriers of NB-IoT: 12, 24, 36 or 48' \
	'<sites/><coverage-class coupling-loss="144dB" preambles="20" period="320ms"/>'
cellular "a preamble longer than its period" 'bad.xml:5: <coverage-class repetitions>: .*makes the preamble longer' \
	'<sites/><coverage-class coupling-loss="144dB" preambles="12" period="40ms" repetitions="8"/>'
cellular "barring that is not on" 'bad.xml:5: <nb-iot barring-time>: .*is read with a barring-factor below 100 %' '<sites/>' 'barring-time="4s"'
cellular "others on a captive network" 'bad.xml:5: <nb-iot background-load>: .*is that of a public operator' '<sites/>' \
	'operator="captive" background-load="20%"'
cellular "a timer that has no code" 'bad.xml:5: <nb-iot update-period>: .*cannot be coded: 1 to 31 times' '<sites/>' 'update-period="1000001s"'
cellular "a cycle without eDRX" 'bad.xml:5: <nb-iot cycle>: .*is read with power-saving="edrx" only' '<sites/>' 'cycle="20.48s"'
cellular "a cycle that is none" 'bad.xml:5: <nb-iot cycle>: .*is none of the technology.s: 20.48s times a power of two' '<sites/>' \
	'power-saving="edrx" cycle="30s"'
cellular "a window longer than its cycle" 'bad.xml:5: <nb-iot window>: .*is longer than the cycle' '<sites/>' \
	'power-saving="edrx" cycle="20.48s" window="40.96s"'
cellular "commands to a class of another network" 'bad.xml:5: <commands class>: "other" does not use the network lpwan' \
	'<sites/><commands class="other" period="1d"/></nb-iot><device-class id="other"/><nb-iot id="second"><sites/>'
printf 'x,y,sectors\n100,100,2\n' >masts.csv
cellular "two sectors in a file" 'masts.csv:2: a site has 1 or 3 sectors, not 2' '<sites placement="file" file="masts.csv"/>'
printf 'x,y,azimuth\n100,100,400\n' >masts.csv
cellular "a direction that is none" 'masts.csv:2: ' '<sites placement="file" file="masts.csv"/>'
printf 'x,y\n' >masts.csv
cellular "a file without sites" 'bad.xml:5: <sites file>: .*has no site' '<sites placement="file" file="masts.csv"/>'

# All of them at once.
scenario bad.xml "<city width=\"4kg\" height=\"3km\"/> $network $class <deploy class=\"metre\" count=\"x\"/>" 'duration="2 hurs"'
bad "all mistakes in one pass: the first" 'bad.xml:4: <run duration>'
holds "the second" grep -E 'bad.xml:5: <city width>' err
bad "all mistakes in one pass: the last" 'bad.xml:7: <deploy count>'
holds "and the one beside it" grep -E 'bad.xml:7: <deploy class>' err

# Files that a scenario names.
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"2\" placement=\"file\" file=\"gone.csv\"/>"
bad "a CSV that is not there" 'gone.csv'
printf 'x,y\n1km\n' >bad.csv
scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"bad.csv\"/>"
bad "a CSV with a short row" 'bad.csv:2: '
printf 'x,y\n100,seven\n' >bad.csv
bad "a CSV with a word for a number" 'bad.csv:2: .*seven'
printf 'x,y\n100,nan\n' >bad.csv
bad "a CSV with a NaN" 'bad.csv:2: '
printf 'lat,lon\n50.7,7.1\n' >bad.csv
bad "places on earth in a city that has none" 'bad.xml:7: <deploy file>: .*x,y'
printf 'x,y\n1,two\n' >bad.csv
scenario bad.xml "$city $network $class <platform servers=\"many\"/> <deploy class=\"meter\" placement=\"file\" file=\"bad.csv\"/>"
bad "a mistake in a CSV beside one in the XML: that of the XML" 'bad.xml:7: <platform servers>: "many"'
holds "and that of the CSV" grep -E 'bad.csv:2: .*"two"' err
scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"bad.csv\"/>"
printf 'a,b\n1,2\n' >bad.csv
bad "a CSV without the columns" 'bad.csv'
: >bad.csv
bad "an empty CSV" 'bad.csv'
printf 'x,y\n"100,7\n' >bad.csv
bad "a CSV with an open quote" 'bad.csv:[0-9]+: '
route='<mobility pattern="route" routes="bad.csv"/>'
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"2\">$route</deploy>"
printf 'route,seq,x,y\na,1,10,10\na,second,20,20\n' >bad.csv
bad "a route whose points are not numbered" 'bad.csv:3: column seq: "second" is not a number'
printf 'route,seq,x,y\na,1,10,10\n' >bad.csv
bad "a route of one point" 'bad.csv:2: route a has fewer than two points'
scenario bad.xml "$city $network $class <deploy class=\"meter\" count=\"2\"><mobility speed=\"0m/s\"/></deploy>"
bad "a speed of nothing" 'bad.xml:[0-9]+: <mobility speed>: "0m/s" is outside'
scenario bad.xml "$city $network $class <device-class id=\"other\" base=\"lib-none\"/> $deploy"
bad "a base that is not there" 'bad.xml:[0-9]+: <device-class base>: "lib-none" is the id of no <device-class>'
scenario bad.xml "<city boundary=\"gone.geojson\"/> $network $class $deploy"
bad "a GeoJSON that is not there" 'gone.geojson'
scenario bad.xml "<city boundary=\"bad.geojson\"/> $network $class $deploy"
printf '{"type": "FeatureCollection", "features": [' >bad.geojson
bad "a GeoJSON that breaks off" 'bad.geojson:1'
printf '{"type": "FeatureCollection", "features": []}' >bad.geojson
bad "a GeoJSON without a district" 'bad.geojson'
printf '{"type": "Polygon", "coordinates": [[[7,50],[7.1,50]]]}' >bad.geojson
bad "a polygon of two corners" 'bad.geojson'
printf '{"type": "Polygon", "coordinates": "here"}' >bad.geojson
bad "coordinates that are none" 'bad.geojson'
printf '[[[[[[1' >bad.geojson
bad "brackets that stay open" 'bad.geojson'
head -c 200000 /dev/zero | tr '\0' '[' >bad.geojson
bad "brackets without end" 'bad.geojson'

# What leaves the folder, or does not end.
echo '<x/>' >../outside-$$.xml
mkdir inner
for path in "../outside-$$.xml" /etc/passwd "inner/../../outside-$$.xml" file:///etc/passwd; do
	scenario bad.xml "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"$path\"/> $network $class $deploy"
	bad "an include of $path" 'bad.xml:5: '
	scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"$path\"/>"
	bad "a data file $path" 'bad.xml:7: <deploy file>'
done
ln -s /etc/passwd link.csv
scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"link.csv\"/>"
bad "a link that leads outside" 'bad.xml:7: <deploy file>'
ln -s .. up
for part in link.csv up/outside-$$.xml; do
	scenario bad.xml "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"$part\"/> $network $class $deploy"
	bad "an include through the link $part" 'bad.xml:5: .*leaves the scenario.s folder'
done
mkfifo pipe
scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"pipe\"/>"
check "a pipe for a file does not hang" 2 'bad.xml:7: <deploy file>: "pipe" is not a file' timeout 20 "$SCCSIM" run bad.xml -o results
scenario bad.xml "$city $network $class <deploy class=\"meter\" placement=\"file\" file=\"inner\"/>"
bad "a folder for a data file" 'bad.xml:7: <deploy file>: "inner" is not a file'
rm -f ../outside-$$.xml
scenario bad.xml "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"http://127.0.0.1:9/x.xml\"/> $network $class $deploy"
bad "an include from a network" 'bad.xml:5: '
scenario bad.xml "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"bad.xml\"/>"
bad "a file that includes itself" 'bad.xml'
scenario bad.xml "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"lib:none.xml\"/>"
bad "a library file that is not there" 'none.xml'
cat >bad.xml <<'XML'
<?xml version="1.0"?>
<!DOCTYPE scenario [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;"><!ENTITY i "&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;">
]>
<scenario xmlns="urn:sccsim:scenario:1" id="laughs"><title>&i;</title></scenario>
XML
bad "a billion laughs" 'bad.xml:[0-9]+: '
cat >bad.xml <<'XML'
<!DOCTYPE scenario [ <!ENTITY x SYSTEM "/etc/passwd"> ]>
<scenario xmlns="urn:sccsim:scenario:1" id="x"><title>&x;</title></scenario>
XML
bad "an external entity" 'bad.xml:[0-9]+: '
holds "and it was not read" sh -c '! grep -q root: err'
{
	echo '<scenario xmlns="urn:sccsim:scenario:1" id="deep">'
	for _ in $(seq 2000); do printf '<city>'; done
} >bad.xml
bad "elements nested without end" 'bad.xml'
{
	printf '<scenario xmlns="urn:sccsim:scenario:1" id="wide"><title>'
	head -c 20000000 /dev/zero | tr '\0' 'x'
	printf '</title></scenario>'
} >bad.xml
bad "a title of 20 MB" 'bad.xml'

# Money.
euro='<economy currency="EUR"/>'
priced() {
	echo "$city $euro <lorawan id=\"lpwan\"><gateways count=\"1\"><cost $1/></gateways></lorawan> <platform id=\"cloud\"/> $class $deploy"
}
scenario bad.xml "$(euro= priced 'capex="5EUR"')"
bad "a price without an economy" 'bad.xml:5: <cost>: needs an <economy>'
scenario bad.xml "$(priced 'capex="5"')"
bad "a price without its currency" 'bad.xml:5: <cost capex>: "5" is not an amount of money \(try 120EUR\)'
scenario bad.xml "$(priced 'capex="5USD"')"
bad "a second currency" 'bad.xml:5: <cost capex>: "5USD" is in USD, but the economy.s currency is EUR'
scenario bad.xml "$(priced 'opex="-5EUR/yr"')"
bad "a negative price" 'bad.xml:5: <cost opex>: .* is negative'
scenario bad.xml "$(priced 'labour="2h"')"
bad "work without its price" 'bad.xml:5: <cost labour>: .* needs the price of work \(try <economy labour="45EUR/h"'
scenario bad.xml "$(priced 'power="8W"')"
bad "power without its price" 'bad.xml:5: <cost power>: .* needs the price of energy'
scenario bad.xml "$(priced 'per-message="1EUR"')"
bad "a fee by message where none is counted" 'bad.xml:5: <cost per-message>: .* is of no use in <gateways>'
cellular "a fee by byte of a base station" 'bad.xml:5: <cost per-byte>: .* is of no use in <sites>' "<sites><cost per-byte=\"1EUR/B\"/></sites></nb-iot>$euro<nb-iot id=\"second\"><sites/>"
scenario bad.xml "$(priced 'battery="1EUR"')"
bad "a battery where there is none" 'bad.xml:5: <cost battery>: .* goes with a device class that has a <battery>'
scenario bad.xml "$city <economy currency=\"euro\"/> $network $class $deploy"
bad "a currency that is none" 'bad.xml:5: <economy currency>: "euro" is no currency'
# Several networks.
two="<local-link id=\"home\"/><device-class id=\"meter\"><uses network=\"home\"/>"
scenario bad.xml "$city $two <choosing notice=\"5min\"/></device-class> $deploy"
bad "nothing to choose" 'bad.xml:5: <choosing notice>: "5min" has nothing to decide: the class uses one network only'
scenario bad.xml "$city $network $two <uses network=\"lpwan\" fee=\"1\"/></device-class> $deploy"
bad "a fee at home" 'bad.xml:6: <uses fee>: "1" is for another operator.s network'
scenario bad.xml "$city $network $two <uses network=\"lpwam\"/></device-class> $deploy"
bad "a second network that is none" 'bad.xml:6: <uses network>: .*lpwam.*did you mean lpwan'
scenario bad.xml "$city <local-link id=\"home\" technology=\"wired\"/> $class $deploy"
bad "a technology that is none" 'bad.xml:5: <local-link technology>: "wired"'

for target in "1000" "1000USD"; do
	scenario bad.xml "$city $euro $network $class $deploy <kpis><kpi name=\"cost.capex\" target=\"&lt;= $target\"/></kpis>"
	bad "a target of $target where euros are counted" 'bad.xml:[0-9]+: <kpi target>: .*(is not an amount of money|is in USD)'
done

# Mains.
cellular "a backup of sites where the mains never fail" 'bad.xml:5: <sites backup>: .*without a <power-grid> the mains never fail' \
	'<sites backup="4h"/>'
cellular "a backup of a site where the mains never fail" 'bad.xml:5: <site backup>: .*without a <power-grid> the mains never fail' \
	'<site position="1km 1km" backup="4h"/>'
scenario bad.xml "$city <lorawan id=\"lpwan\"><gateways count=\"1\" backup=\"2h\"/></lorawan> <platform id=\"cloud\"/> $class $deploy"
bad "a backup where the mains never fail" 'bad.xml:5: <gateways backup>: .*without a <power-grid> the mains never fail'
scenario bad.xml "<power-grid/> <city width=\"4km\" height=\"3km\"><power-grid/></city> $network $class $deploy"
bad "two grids" 'bad.xml:5: <power-grid>: is the second one'

# From outside.
scenario bad.xml
bad "--set on an element that is not there" "there is no <nb-iot> in <scenario>" --set "nb-iot[@id='nb']/@adr=off"
bad "--set on an element misspelt" "did you mean <lorawan>" --set "lorawam/@adr=off"
bad "--set on an id that is none" 'no <lorawan> in <scenario> has id="lpwam" \(did you mean lpwan\?\)' --set "lorawan[@id='lpwam']/@adr=off"
bad "--set on an attribute that is none" "colour" --set "city/@colour=red"
bad "--set on an attribute misspelt" "did you mean width" --set "city/@widht=4km"
bad "--set to a wrong value, which no line of the file has" 'bad.xml:5: <city width> \(--set\): "4kg"' --set "city/@width=4kg"
bad "--set to a list where one value stands" '<deploy count> \(--set\): "4; 5"' --set "deploy/@count=4; 5"
bad "--set to a dangling id" '<deploy class> \(--set\): there is no <device-class>' --set "deploy/@class=nobody"
bad "--set by a path that is none" "city" --set "city[=off"
check "validate says so of each file" 2 'bad.xml.*' "$SCCSIM" validate bad.xml nowhere.xml
scenario worse.xml "$city"
check "one bad file among good ones decides the status" 2 'bad.xml: valid' "$SCCSIM" validate worse.xml bad.xml
holds "and of those that are well" grep -q '^bad.xml: valid' out

# The way behind a gateway.
# backhaul NAME PATTERN ATTRIBUTES: a <backhaul id="b"> with those, and its backup "c".
backhaul() {
	scenario bad.xml "$city $network $class $deploy
  <backhaul id=\"b\" $3/>
  <backhaul id=\"c\" backup=\"b\"/>"
	bad "$1" "$2"
}
backhaul "a medium that is none" '<backhaul medium>: "pigeon" is none of fixed, fibre' 'medium="pigeon"'
backhaul "a length of what has none" '<backhaul length>: "3km" goes with medium="fibre" and "microwave", not with "geo"' 'medium="geo" length="3km"'
backhaul "an orbit of a fibre" '<backhaul altitude>: "600km" goes with medium="leo"' 'medium="fibre" altitude="600km"'
backhaul "an angle without its unit" '<backhaul elevation>: "10" is not an angle \(try 53deg\)' 'medium="geo" elevation="10"'
backhaul "satellites that are never in view" '<backhaul inclination>: "30deg" leaves latitude 70 without a satellite' \
	'medium="leo" inclination="30deg" latitude="70deg"'
backhaul "satellites that do not share out" '<backhaul planes>: "4" does not share out 10 satellites evenly' 'medium="leo" satellites="10" planes="4"'
backhaul "a switch-over to nothing" '<backhaul switch-over>: "3s" goes with a backup' 'switch-over="3s"'
backhaul "backups in a circle" '<backhaul backup>: "c" leads back to this link' 'backup="c"'
backhaul "a backup that is its own" '<backhaul backup>: "b" leads back to this link' 'backup="b"'
backhaul "a backup that is none" '<backhaul backup>.*there is no <backhaul>' 'backup="nobody"'
scenario bad.xml "$city $network <edge id=\"e\"/> $deploy
  <device-class id=\"meter\" platform=\"cloud\"><processing edge=\"e\" at=\"cloud\" forward=\"20%\"/></device-class>"
bad "a share of what all goes on" '<processing forward>: "20%" goes with at="split", not with "cloud"'

# Identifiers and their repositories: the class's element, and attributes of the repository.
identifier() {
	scenario bad.xml "$city $network <platform id=\"cloud\"/> <trust-repository id=\"reg\" ${4:-}/> $deploy
  <device-class id=\"meter\" platform=\"cloud\"><uses network=\"lpwan\"/><identifier $3/></device-class>"
	bad "$1" "$2"
}
identifier "a scheme that is none" '<identifier scheme>: "eui64" is none of eui-64, mac-48' 'scheme="eui64"'
identifier "bits of a block" 'bad.xml:[0-9]+: <identifier bits>: "20" is of no use: blocks are unique' 'bits="20"'
identifier "more bits than there are" '<identifier bits>: "49" is more than the 48 of MAC-48' 'scheme="mac-48" allocation="random" bits="49"'
identifier "more mistakes than devices" 'more than 100 % together' 'duplicates="70%" defaulted="40%"'
identifier "look-ups of what nobody vouches for" '<identifier resolutions>.*needs a repository' 'resolutions="1/d"'
identifier "a repository that is none" '<identifier repository>.*there is no <trust-repository>' 'repository="cloud-registry"'
identifier "peers of one place" '<trust-repository peers>: "3" is of no use without topology' 'repository="reg"' 'peers="3"'
identifier "an interval without audits" '<trust-repository audit-interval>: "3d" is of no use without detection' 'repository="reg"' 'audit-interval="3d"'
identifier "a block without a ledger" '<trust-repository block-size>: "3" is of no use without topology="ledger"' 'repository="reg"' 'block-size="3"'

# What comes before a device works, and what keeps it secure: in the class, and in the scenario.
guarded() {
	scenario bad.xml "$city $network $deploy ${4:-}
  <device-class id=\"meter\" platform=\"cloud\"><uses network=\"lpwan\"/>$3</device-class>"
	bad "$1" "$2"
}
handshake='<onboarding method="dtls13-rpk-ecdhe"/>'
guarded "a protocol misspelt" '<onboarding method>: "dtls13-rpk-ecdh" is no protocol \(did you mean "dtls13-rpk-ecdhe"' '<onboarding method="dtls13-rpk-ecdh"/>'
guarded "onboarding by nothing" '<onboarding>: needs method' '<onboarding/>'
guarded "a processor that is none" '<onboarding compute>: "m0" is no compute profile .*sccsim models compute' '<onboarding method="dtls13-psk" compute="m0"/>'
guarded "an onboarding server that is none" '<onboarding server>: there is no <onboarding-server> with id "as"' '<onboarding method="dtls13-psk" server="as"/>'
guarded "a role that is none" '<onboarding-server roles>: "masa rep" has "rep", which is no role \(try join-server' "$handshake" '<onboarding-server id="s" roles="masa rep"/>'
guarded "a server of nobody" '<onboarding-server s>: has nobody to answer' '' '<onboarding-server id="s" roles="application"/>'
guarded "a rate without its unit" '<onboarding-server rate-limit>: "5" is not a rate' "$handshake" '<onboarding-server id="s" roles="application" rate-limit="5"/>'
guarded "a burst of no limit" '<onboarding-server burst>: "5" is read with rate-limit only' "$handshake" '<onboarding-server id="s" roles="application" burst="5"/>'
guarded "an outage without end" '<outage>: needs lasts' "$handshake" '<onboarding-server id="s" roles="application"><outage at="1h"/></onboarding-server>'
guarded "an outage of nothing" 'bad.xml:[0-9]+: <outage>: stands in <onboarding-server>' "$handshake" '<outage at="1h" lasts="1h"/>'
guarded "a protocol without a flight" '<protocol p>: has no flight from the device' '' '<protocol id="p"/>'
guarded "a protocol of a base that is none" '<protocol base>: "edhok" is no shipped protocol' '' '<protocol id="p" base="edhok"/>'
guarded "a protocol's name that is taken" '<protocol id>: "dtls13-psk" is shipped already' '' '<protocol id="dtls13-psk" base="dtls13-psk"/>'
guarded "a server that begins" '<flight from>: "server" cannot send the first flight' '' '<protocol id="p"><flight from="server" bytes="3B"/></protocol>'
guarded "a size without its unit" '<flight bytes>: "3" is not a size' '' '<protocol id="p"><flight from="device" bytes="3"/></protocol>'
guarded "an operation that is none" '<flight compute>: .* has "aes", which is no operation \(there are keygen' '' '<protocol id="p"><flight from="device" bytes="3B" compute="aes:4"/></protocol>'
guarded "a profile of a base that is none" '<compute-profile base>: "m3" is no shipped profile \(there are m0-48mhz' '' '<compute-profile id="p" base="m3"/>'
guarded "a repository of a shape that is none" '<trust-repository topology>: "ring" is none of central' '<identifier repository="r"/>' '<trust-repository id="r" topology="ring"/>'
guarded "a product of a provision that is none" '<product lacks>: "5.99-1" has "5.99-1", which is no provision .*sccsim models provisions' '<product id="a" lacks="5.99-1"/><security/>'
guarded "more products than devices" '<product share>: "70%" makes the shares .* add up to 140 %, not 100 %' '<product id="a" share="70%"/><product id="b" share="70%"/><security/>'
guarded "a label that is none" '<product certificate>: "XY" is no label \(FI, DE, KR' '<product id="a" certificate="XY"/><security/>'
guarded "a practice that is none" '<vendors practice>: "great" is none of poor, typical, good' '<vendors count="3" practice="great"/><security/>'
guarded "a practice of a provision that is none" '<practice provision>: "5.1-99" is no provision' '<vendors count="3"><practice provision="5.1-99" share="3%"/></vendors><security/>'
guarded "two practices of one provision" '<practice provision>: "5.1-1" has a share already, at line' '<vendors count="3"><practice provision="5.1-1" share="3%"/><practice provision="5.1-1" share="4%"/></vendors><security/>'
guarded "a baseline misspelt" '<security baseline>: "en-303-654" is no baseline, did you mean en-303-645' '<security baseline="en-303-654"/>'
guarded "tests by nobody" '<security conformance>: "third-party" needs a <laboratory>' '<security conformance="third-party"/>'
guarded "a gate that is none" '<security-policy deployment-gate>: "closed" is none of off, warn, enforce' '<security/>' '<security-policy deployment-gate="closed"/>'
guarded "renewal of what does not end" '<security-policy renewal>: "off" is of no use' '<security/>' '<security-policy renewal="off"/>'
guarded "a laboratory that finds more than there is" '<laboratory sensitivity>: "120%" is outside' '<security/>' '<laboratory id="l" sensitivity="120%"/>'
guarded "a label without its level" '<recognition>: needs level' '<security/>' '<laboratory id="l"><recognition label="FI"/></laboratory>'
guarded "surveillance without its rate" '<surveillance>: needs rate' '<security/>' '<security-policy><surveillance/></security-policy>'
guarded "stages that shrink" '<firmware stages>: "50%; 10%" must grow' '<firmware stages="50%; 10%"/>'
guarded "redundancy of what is sent one by one" '<firmware redundancy>: "30%" is of multicast only' '<firmware redundancy="30%"/>'
guarded "vulnerabilities without their unit" '<vulnerabilities rate>: "4" is not a rate' '' '<security-policy><vulnerabilities rate="4"/></security-policy>'
guarded "patches of nothing" '<patching>: has nothing to mend' '' '<security-policy><patching/></security-policy>'
guarded "a worm that does not spread" '<malware w>: needs a contact-rate' '' '<malware id="w" at="1h"/>'
guarded "a worm through a provision that is none" '<malware requires>: "5.1-9" is no provision' '' '<malware id="w" at="1h" contact-rate="3/h" requires="5.1-9"/>'
guarded "a target that is none" '<target class>: there is no <device-class> with id "metre" \(did you mean meter' '' '<malware id="w" at="1h" contact-rate="3/h"><target class="metre"/></malware>'
guarded "a botnet of no malware" '<botnet malware>: there is no <malware> with id "w"' '' '<botnet id="b" malware="w" target="cloud" at="1h" lasts="1h" rate="1/s"/>'
guarded "a blackout without end" '<blackout>: needs lasts' '' '<power-grid><blackout at="1h"/></power-grid>'
guarded "a blackout of nothing" '<blackout>: stands in <power-grid>' '' '<blackout at="1h" lasts="1h"/>'
guarded "an attack on what is none" '<denial-of-service target>: there is no element .platform edge. with id "clout"' '' '<crisis><denial-of-service at="1h" target="clout"/></crisis>'
guarded "an attack whose rate has no unit" '<denial-of-service requests>: "2000" is not a rate' '' '<crisis><denial-of-service at="1h" target="cloud" requests="2000"/></crisis>'
guarded "jamming of what cannot be jammed" '<jamming network>: "lan" is a <local-link>, and only LoRaWAN' '' '<local-link id="lan"/><crisis><jamming at="1h" network="lan" position="1km 1km"/></crisis>'
scenario asked.xml "$city $network $deploy <onboarding-server id=\"s\" roles=\"masa\"/>
  <device-class id=\"meter\" platform=\"cloud\"><uses network=\"lpwan\"/>$handshake</device-class>"
check "a server that no protocol asks is a finding" 0 'warning: <onboarding-server roles>: "masa" is what no protocol' \
	"$SCCSIM" validate asked.xml

scenario unread.xml "$city $network $class $deploy <device-class id=\"safe\"><security conformance=\"none\" retests=\"3\"/></device-class>"
check "what a way to show conformance does not read is a finding" 0 'warning: <security retests>: .*is not read with conformance="none"' \
	"$SCCSIM" validate unread.xml

# Crises: what stands in <crisis>, in the class, and beside them.
crisis() {
	scenario bad.xml "$city $network $deploy ${4-}
  <device-class id=\"meter\" platform=\"cloud\"><uses network=\"lpwan\"/>${3-}</device-class>
  <crisis phases=\"off\">$2</crisis>"
	bad "$1" "$5"
}
# hazard NAME PATTERN HAZARD [BESIDE]
hazard() { crisis "$1" "$3" '' "${4-}" "$2"; }
river='<flood id="river" at="1h" source="0km 0km" peak="3m"/>'
where='source="0km 0km" peak="3m"'
hazard "a hazard at no time" 'bad.xml:8: <flood>: does not say when it happens \(say one of at="2d 06:00", rate=' "<flood $where/>"
hazard "a hazard at two times" '<flood>: says in more than one way when it happens' "<flood at=\"1h\" rate=\"1/yr\" $where/>"
hazard "a rate without its unit" '<flood rate>: "0.2" is not a rate' "<flood rate=\"0.2\" $where/>"
hazard "a delay after nothing" '<flood delay>: "1h" is read with after="ID" only' "<flood at=\"1h\" delay=\"1h\" $where/>"
hazard "a hazard after one that is none" '<flood after>: there is no element \(flood .*\) with id "quake"' "<flood after=\"quake\" $where/>"
hazard "a hazard after itself" '<flood after>: "a" leads back to this hazard itself' "<flood id=\"a\" after=\"a\" $where/>"
hazard "hazards in a circle" '<heat after>: "a" leads back to this hazard itself' \
	"<flood id=\"a\" after=\"b\" $where/><heat id=\"b\" after=\"a\" lasts=\"1d\"/>"
hazard "more than certain" '<flood probability>: "120%" is outside' "<flood at=\"1h\" probability=\"120%\" $where/>"
hazard "water from nowhere" '<flood>: needs one of source="3km 4km" and river=' '<flood at="1h" peak="3m"/>'
hazard "water from a place on earth" '<flood source>: "50.7N 7.1E" is in degrees, but the city has no place on earth' \
	'<flood at="1h" source="50.7N 7.1E" peak="3m"/>'
hazard "a river of one word" '<flood river>: .*has "far", which is not a position' '<flood at="1h" river="0km 0km; far" peak="3m"/>'
hazard "a river on earth" '<flood river>: .*has "50.7N 7.1E", which is in degrees' '<flood at="1h" river="50.7N 7.1E; 50.8N 7.1E" peak="3m"/>'
hazard "a hazard outside of a crisis" '<flood>: stands in <crisis>, not in <scenario>' '' "$river"
hazard "two crises" '<crisis>: may stand 1 time in <scenario>, not 2' '' '<crisis/>'
hazard "a largest magnitude below the least" '<earthquake magnitude-max>: "5.5" is not above the magnitude of 6' \
	'<earthquake at="1h" epicentre="1km 1km" magnitude="6" magnitude-max="5.5"/>'
hazard "nights hotter than days" '<heat night>: "35degC" is not cooler than the day' '<heat at="1h" day="30degC" night="35degC"/>'
hazard "a failure of no feeder" '<power-outage>: needs feeders that can fail \(add <power-grid' '<power-outage at="1h" lasts="1h"/>'
hazard "a failure without end" '<power-outage>: does not say how long it lasts' '<power-outage at="1h"/>' '<power-grid feeders="4"/>'
hazard "a failure in a district that is none" '<power-outage districts>: .*the city has no such district' \
	'<power-outage at="1h" lasts="1h" districts="atlantis"/>' '<power-grid feeders="4"/>'
hazard "a failure around a place on earth" '<power-outage centre>: "50N 7E" is in degrees' \
	'<power-outage at="1h" lasts="1h" centre="50N 7E" radius="1km"/>' '<power-grid feeders="4"/>'
hazard "a cut of no link" '<backhaul-cut>: needs links that can be cut \(add a <backhaul' '<backhaul-cut at="1h" lasts="1h"/>'
hazard "an epidemic among nobody" '<epidemic>: finds nobody \(give the <city> a population' '<epidemic at="1h"/>'
hazard "sentinels that are not there" '<epidemic agree>: "3" is more sentinels than there are' '<epidemic at="1h" agree="3"/>'

# fragile NAME PATTERN ATTRIBUTES: after a flood.
fragile() { hazard "$1" "$2" "$river<fragility $3/>"; }
fragile "what breaks is not said" '<fragility>: does not say what breaks \(say one of of="gateway"' 'hazard="flood" median="1m"'
fragile "two things that break" '<fragility>: says in more than one way what breaks' 'hazard="flood" median="1m" of="gateway" class="meter"'
fragile "what is no asset" '<fragility of>: "gatway" is none of feeder, gateway' 'hazard="flood" median="1m" of="gatway"'
fragile "broken by what is no hazard" '<fragility hazard>: "flod" is neither a kind of hazard nor the id of one' 'hazard="flod" median="1m" of="gateway"'
fragile "broken by what has no strength" '<fragility hazard>: "backhaul-cut" has no strength' 'hazard="backhaul-cut" median="1m" of="gateway"'
fragile "shaken by water" '<fragility median>: "0.3g" is not a length .*: it is a water level of <flood>' 'hazard="flood" median="0.3g" of="gateway"'
fragile "a level without its unit" '<fragility median>: "1" is not a length' 'hazard="flood" median="1" of="gateway"'
fragile "broken by nothing" '<fragility median>: "0m" is not above 0' 'hazard="flood" median="0m" of="gateway"'
fragile "destroyed before it breaks" '<fragility destroyed>: "1m" is not above the median' 'hazard="flood" median="2m" destroyed="1m" of="gateway"'
fragile "mended by others at no time" '<fragility mended-by>: "others" says .*give repair="2d"' 'hazard="flood" median="2m" mended-by="others" of="gateway"'

# observed NAME PATTERN SENSOR
observed() { crisis "$1" "$river" "<sensor $3/>" '' "$2"; }
observed "a level in another unit" '<sensor threshold>: "1m/s" is not a length .*: it is a water level of <flood>' 'hazard="flood" threshold="1m/s"'
observed "a sensor of what is no hazard" '<sensor hazard>: "flod" is neither a kind of hazard \(flood' 'hazard="flod" threshold="1m"'
observed "a sensor of what has no strength" '<sensor hazard>: "power-outage" has no strength' 'hazard="power-outage" threshold="1m"'
observed "a level that is always there" '<sensor threshold>: "0m" is reached where there is no hazard' 'hazard="flood" threshold="0m"'
observed "half of a classifier" '<sensor specificity>: is missing' 'hazard="flood" threshold="1m" sensitivity="90%"'
observed "a classifier worse than chance" '<sensor sensitivity>: "10%" is below 1 - specificity' \
	'hazard="flood" threshold="1m" sensitivity="10%" specificity="50%"'

# warned NAME PATTERN ATTRIBUTES [INSIDE [SENSOR]]
warned() { crisis "$1" "$river<warning hazard=\"flood\" $3>${4-<siren count=\"2\"/>}</warning>" "${5-<sensor hazard=\"flood\" threshold=\"1m\"/>}" '' "$2"; }
warned "a rule that is none" '<warning rule>: "three" is not a rule \(try "any", "3 within 10min"' 'rule="three"'
warned "no rule" '<warning>: needs rule' ''
warned "a rule of no device" '<warning rule>: "0 within 1h" asks for no device' 'rule="0 within 1h"'
warned "a rule without a time" '<warning rule>: "3" does not say within what time' 'rule="3"'
warned "a rule of a time without its unit" '<warning rule>: "3 within 10" needs a time after within' 'rule="3 within 10"'
warned "a rule of more than there are" '<warning rule>: "5 of 3 within 1h" asks for more devices' 'rule="5 of 3 within 1h"'
warned "a rule of more than observe" '<warning rule>: "50 within 1h" asks for 50 devices, and 40 observe' 'rule="50 within 1h"'
warned "a sum without its rate" '<warning rule>: "cusum 5" needs a threshold and a rate' 'rule="cusum 5"'
warned "a warning that nothing feeds" '<warning hazard>: "flood" is observed by no device' 'rule="any"' '<siren count="2"/>' ''
warned "a warning to nobody" '<warning via>: is missing: the warning would reach nobody' 'rule="any"' ''
warned "by pigeon" '<warning via>: .*names "pigeon", which is no way to warn' 'rule="any" via="pigeon"'
warned "by sirens that are not there" '<warning via>: "siren" names a siren, of which there is none' 'rule="any" via="siren"' ''
warned "by phone where there is no network" '<warning via>: .*no cellular network to reach phones by' 'rule="any" via="cell-broadcast"' ''
warned "a siren nowhere" '<siren>: does not say where it stands' 'rule="any"' '<siren/>'
warned "a risk in another unit" '<warning risk>: "1s" is not a length' 'rule="any" risk="1s"'

# responded NAME PATTERN ATTRIBUTES [INSIDE]
responded() { hazard "$1" "$2" "$river<response $3>${4-}</response>"; }
responded "an order of what is none" '<response priority>: "hospitals" is no list of feeders' 'crews="2" priority="hospitals"'
responded "portable sites twice" '<response portable-sites>: "2" and a <portable-site> are both given' 'crews="2" portable-sites="2"' '<portable-site/>'
responded "no portable site" '<portable-site count>: "0" is outside 1' 'crews="2"' '<portable-site count="0"/>'
responded "spares in two places" '<response spares>: "3" is read where there is no <depot>' 'crews="2" spares="3"' '<depot id="yard" at="1km 1km"/>'
responded "spares that are never short" '<response resupply>: "1/d" is of no use' 'crews="2" resupply="1/d"'
responded "a depot on earth" '<depot at>: "50N 7E" is in degrees' 'crews="2"' '<depot id="yard" at="50N 7E"/>'
responded "a skill that is none" '<crew skills>: "magic" is no list of power, telecom' '' '<crew count="2" skills="magic"/>'
responded "fuel for what never fails" '<fuel>: is of no use: without a <power-grid>' '' '<fuel trucks="2"/>'
responded "roaming of nobody" '<response roaming>: "6h" is for classes with <uses roaming="on"' 'crews="2" roaming="6h"'
hazard "a portable site that nobody brings" '<portable-site>: stands in <response>, not in <crisis>' "$river<portable-site/>"

target='<kpis><kpi name="connectivity.delivery-ratio" phase="during" target="&gt;= 90%"/></kpis>'
scenario bad.xml "$city $network $class $deploy $target"
bad "a phase without a crisis" 'bad.xml:7: <kpi phase>: "during" is of a crisis, and the scenario has none'
scenario phase.xml "$city $network $class $deploy $target <crisis phases=\"off\">$river</crisis>"
check "a phase that is not counted is a finding" 0 'warning: <kpi phase>: "during" has nothing to count: .*phases="on"' "$SCCSIM" validate phase.xml
hazard "a phase that is none" '<kpi phase>: "amid" is no phase \(one of before, during, after\)' "$river" "${target/during/amid}"
hazard "a phase of what tells of the whole run" '<kpi phase>: "during" is not told apart for this KPI' "$river" \
	'<kpis><kpi name="crisis.repairs" phase="during" target="&gt;= 9"/></kpis>'

# Findings are no mistakes.
scenario finding.xml "$city <lorawan id=\"lpwan\" region=\"EU868\" adr=\"off\"><gateways placement=\"grid\" count=\"1\" height=\"30m\"/></lorawan>
  <platform id=\"cloud\"/>
  <device-class id=\"meter\" platform=\"cloud\"><uses network=\"lpwan\"/>
  <traffic pattern=\"periodic\" period=\"10min\" payload=\"230B\"/></device-class> $deploy"
check "a payload too large for its data rate is a warning and a counted loss" 0 'payload' "$SCCSIM" run finding.xml -o f1
holds "it is in the summary, counted" grep -Eiq 'payload too large +[1-9]' f1/summary.txt
scenario far.xml "<city width=\"400km\" height=\"300km\"/> $network $class $deploy"
check "devices without a gateway in reach are a warning" 0 '100 % of the devices of lpwan have no gateway in reach' \
	"$SCCSIM" run far.xml -o f2 --set lorawan/@activation=personalised
holds "and a counted loss" grep -Eiq 'no coverage +[1-9]' f2/summary.txt
check "so are those that therefore never join" 0 'have no gateway in reach' "$SCCSIM" run far.xml -o f3
exit $((failures > 0))
