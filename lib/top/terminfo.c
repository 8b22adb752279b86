// SPDX-License-Identifier: MIT
/*
 * The inner VM has no terminfo, and a static program brings none along. ncurses takes a compiled
 * description from the environment (terminfo(5), "b64:"); this one is made by
 *	tic -x -o DIR FILE && TERMINFO=DIR infocmp -0 -q -Q2 suite-ansi
 * of
 *	suite-ansi|ECMA-48 as every terminal of today understands it,
 *		am, cols#80, colors#8, it#8, lines#24, pairs#64,
 *		bel=^G, bold=\E[1m, civis=\E[?25l, clear=\E[H\E[2J, cnorm=\E[?25h,
 *		cr=\r, cub1=^H, cud1=\n, cuf1=\E[C, cup=\E[%i%p1%d;%p2%dH, cuu1=\E[A,
 *		dim=\E[2m, ed=\E[J, el=\E[K, home=\E[H, ht=^I, ind=\n, kcub1=\E[D,
 *		kcud1=\E[B, kcuf1=\E[C, kcuu1=\E[A, knp=\E[6~, kpp=\E[5~,
 *		op=\E[39;49m, rev=\E[7m, rmcup=\E[?1049l, setab=\E[4%p1%dm,
 *		setaf=\E[3%p1%dm, sgr0=\E[m, smcup=\E[?1049h,
 */
#include "top/top.h"

const char top_terminfo[] =
	"b64:GgE9AAIADwBpAaMAc3VpdGUtYW5zaXxFQ01BLTQ4IGFzIGV2ZXJ5IHRlcm1pbmFsIG9mIHRvZGF5"
	"IHVuZGVyc3RhbmRzIGl0AAABAFAACAAYAP__________________________CABAAP__AAACAP____8E"
	"AAwAEAD_____FAAlACcAKwAyAP__NAA7AP__PwD__________________0MASAD__1EA________VgD_"
	"_________1sAXwD_____________________________________________________aAD_________"
	"____________________________________bAD__3AAdQB6AP_______34A____________________"
	"________________________________________________________________________________"
	"_________4IA__________-EAP______________________________________________________"
	"________________________________________________________________________________"
	"________________________________________________________________________________"
	"________________________________________________________________________________"
	"________________________________________________________________________________"
	"_________________________________________________________4YA____________________"
	"________________________________________________________________________________"
	"______________________________________________________________-PAJkABwANABtbSBtb"
	"MkoAG1tLABtbSgAbWyVpJXAxJWQ7JXAyJWRIAAoAG1tIABtbPzI1bAAIABtbPzI1aAAbW0MAG1tBABtb"
	"MW0AG1s_MTA0OWgAG1sybQAbWzdtABtbbQAbWz8xMDQ5bAAbW0IAG1tEABtbNn4AG1s1fgAbW0MAG1tB"
	"AAoACQAbWzM5OzQ5bQAbWzMlcDElZG0AG1s0JXAxJWRtAA==";
