# Man page, completion, installation, shipped scenarios.
. "$(dirname "$0")/_lib.sh"

if command -v man >/dev/null; then
	check "the man page renders" 0 'EXIT STATUS' env MANWIDTH=80 man -l "$root/share/sccsim.1"
	check "without a warning" 0 '^$' sh -c 'man --warnings=w -l "$0" 2>&1 >/dev/null; echo' "$root/share/sccsim.1"
elif command -v groff >/dev/null; then
	check "the man page renders" 0 'EXIT STATUS' groff -man -T ascii -ww "$root/share/sccsim.1"
else
	echo "# neither man nor groff: the man page is not rendered"
fi

# complete WORD...: what completion offers for the last word.
complete_words() {
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _sccsim 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' \
		"$root/share/completion/sccsim.bash" "$@"
}
holds "completion can be sourced" bash -n "$root/share/completion/sccsim.bash"
touch a.xml b.txt
mkdir sub
check "completion offers commands" 0 '^validate$' complete_words "$SCCSIM" val
check "completion offers scenarios" 0 '^a.xml$' complete_words "$SCCSIM" run a
check "and folders" 0 '^sub$' complete_words "$SCCSIM" report s
check "and options" 0 '^--check$' complete_words "$SCCSIM" run --c
check "and models" 0 '^lorawan$' complete_words "$SCCSIM" models lora
check "and KPIs" 0 '^latency.p99$' complete_words "$SCCSIM" models latency.
for command in run assess; do
	for option in $("$SCCSIM" $command --help | grep -oE '(^|[ ,])--[a-z]+' | tr -d ' ,' | sort -u); do
		case $option in --version) continue ;; esac
		check "completion knows $command $option" 0 "^$option\$" complete_words "$SCCSIM" $command "$option"
	done
done

if [ -d "$root/scenarios" ]; then
	for xsd in "$root"/scenarios/*.xsd; do
		language=$(basename "$xsd" .xsd)
		holds "the shipped schema of a $language is current" sh -c '"$0" schema "$1" | cmp - "$2"' "$SCCSIM" "$language" "$xsd"
	done
	# What the program finds as lib:FILE, xmllint finds by a catalogue.
	printf '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"><rewriteURI uriStartString="lib:" rewritePrefix="file://%s/scenarios/lib/"/></catalog>' \
		"$root" >catalogue.xml
	find "$root/scenarios" -name '*.xml' ! -path '*/lib/*' ! -name '*bad*' | sort >shipped
	while read -r f; do
		language=$(xmllint --xpath 'local-name(/*)' "$f")
		[ "$language" = library ] && language=scenario # its root stands there too
		holds "the schema takes ${f#"$root"/}" env XML_CATALOG_FILES="$PWD/catalogue.xml" xmllint --noout --nonet --xinclude --schema "$root/scenarios/$language.xsd" "$f"
		check "so does the program" 0 valid "$SCCSIM" validate "$f"
	done <shipped
fi

if ldd "$SCCSIM" | grep -q 'lib[a-z]*san'; then
	echo "# not installed: a sanitizer's build"
	exit $((failures > 0))
fi
holds "make install" make -s -C "$root" install BUILD="$(dirname "$SCCSIM")" DESTDIR="$work/d" PREFIX=/opt/s
for f in bin/sccsim share/man/man1/sccsim.1 share/bash-completion/completions/sccsim share/doc/sccsim/LICENSE \
	share/sccsim/schema/scenario.xsd; do
	holds "installs $f" test -s "d/opt/s/$f"
done
check "the installed program runs" 0 "$(cat "$root/VERSION")" d/opt/s/bin/sccsim --version
scenario s.xml
check "from anywhere" 0 'Report' d/opt/s/bin/sccsim run s.xml -r 1
holds "make uninstall" make -s -C "$root" uninstall DESTDIR="$work/d" PREFIX=/opt/s
holds "leaves no file" sh -c '! find d -type f | grep .'
exit $((failures > 0))
