# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# reads:
# sets:
# The outer VM sends a line "kvm-exit-suite frame 1 LENGTH SHA256", then LENGTH bytes of tar.gz. A file is unpacked only if it
# is complete.

# frame_unpack FILE INTO: status 1 with one line on stderr when it is not.
frame_unpack() {
	local file=$1 into=$2 header word version length sum rest
	header=$(head -c 200 "$file" 2>/dev/null | tr -d '\0' | head -n 1)
	read -r word rest <<<"$header"
	read -r _ version length sum <<<"$rest"
	if [ "$word" != kvm-exit-suite ] || [ "$version" != 1 ] || ! [[ $length =~ ^[0-9]+$ ]]; then
		say "the outer VM sent no results"
		return 1
	fi
	tail -c +$((${#header} + 2)) "$file" | head -c "$length" >"$file.tar.gz"
	if [ "$(sha256sum <"$file.tar.gz")" != "$sum  -" ]; then
		say "the results are damaged: received $(stat -c %s "$file.tar.gz") of $length bytes, or the checksum differs"
		return 1
	fi
	mkdir -p "$into"
	tar -x -z -f "$file.tar.gz" -C "$into"
}
