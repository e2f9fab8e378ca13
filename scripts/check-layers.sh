#!/bin/sh
# Fails where an #include goes up: sim/ into models/, a lower folder into a higher one, or past a folder's door.
# Order of folders, lowest first; a folder may include itself and those before it.
sim="kernel scenario study output cli"
models="city device radio network bootstrap security service crisis"
bad=0
complain() { echo "$1: includes $2: $3"; bad=1; }
rank() { # rank LIST NAME -> place, 0 when absent
	n=0
	for f in $1; do n=$((n + 1)); [ "$f" = "$2" ] && { echo $n; return; }; done
	echo 0
}
for file in $(find sim models -name '*.[ch]'); do
	top=${file%%/*}
	rest=${file#*/}
	own=${rest%%/*}
	for inc in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
		itop=${inc%%/*}
		irest=${inc#*/}
		iown=${irest%%/*}
		case $itop in sim | models) ;; *) complain "$file" "$inc" "name it from the project's root"; continue ;; esac
		if [ "$top" = sim ] && [ "$itop" = models ]; then
			complain "$file" "$inc" "the engine knows no model"
		elif [ "$top" = "$itop" ] && [ "$rest" != "$own" ] && [ "$irest" != "$iown" ]; then
			list=$sim
			[ "$top" = models ] && list=$models
			[ "$(rank "$list" "$iown")" -gt "$(rank "$list" "$own")" ] && complain "$file" "$inc" "$own/ is below $iown/"
		fi
		case $inc in
		*_private.h) [ "$(dirname "$inc")" = "$(dirname "$file")" ] || complain "$file" "$inc" "private to its folder" ;;
		esac
	done
done
[ $bad -eq 0 ] && echo "layers hold"
exit $bad
