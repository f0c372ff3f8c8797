#include "figure/page.h"

#include <string.h>

/* Light or dark as the reader's system is, and light on paper. Charts have a light card in either, because their colours are chosen for
 * white. A chart keeps the width at which its text can be read, and a table that of its numbers: on a narrow screen their boxes scroll, with a shadow at the side
 * where more is. Tables of
 * sentences (class stack) become blocks there. On a wide screen the contents stand beside the text, and a table may reach
 * from it to the right edge. */
static const char style[] =
    ":root{color-scheme:light "
    "dark;--ink:#222;--paper:#fff;--quiet:#555;--line:#ccc;--code:#eee;--link:#0060a0;--shade:rgba(0,0,0,.25)}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#ddd;--paper:#181818;--quiet:#aaa;--line:#444;--code:#333;"
    "--link:#7bc0ff;--shade:rgba(255,255,255,.35)}}\n"
    "@media print{:root{--ink:#000;--paper:#fff;--quiet:#333;--line:#999;--code:#fff;--link:#000}}\n"
    "*{box-sizing:border-box}\n"
    "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);"
    "background:var(--paper);overflow-wrap:break-word}\n"
    "h1,h2,h3{line-height:1.2}h1{font-size:1.8rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);"
    "padding-bottom:.2rem}\n"
    "code{font-size:.9em;background:var(--code);padding:0 .2em;border-radius:3px}a{color:var(--link)}\n"
    "nav{margin:2rem 0}nav p{font-weight:600;margin:0}nav ul{margin:.3rem 0;padding-left:1.2rem}"
    "nav li.sub{margin-left:1.2rem;font-size:.9em}\n"
    ".table{overflow-x:auto;margin:1.5rem 0;background:linear-gradient(to right,var(--paper) 30%,transparent) 0 0/3rem "
    "100% no-repeat local,linear-gradient(to left,var(--paper) 30%,transparent) 100% 0/3rem 100% no-repeat local,"
    "linear-gradient(to right,var(--shade),transparent) 0 0/1rem 100% no-repeat,"
    "linear-gradient(to left,var(--shade),transparent) 100% 0/1rem 100% "
    "no-repeat}table{border-collapse:collapse;font-size:.85rem}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}\n"
    "th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}\n"
    "td.number{text-align:right;font-variant-numeric:tabular-nums}\n"
    "figure{margin:1.5rem 0}.picture{overflow-x:auto;background:#fff;border-radius:6px;padding:.3rem}\n"
    ".picture svg{display:block;width:100%;min-width:36rem;max-width:54rem;height:auto;margin:0 auto}\n"
    "figcaption{font-size:.9rem;color:var(--quiet);margin-top:.4rem}\n"
    "@media screen and (max-width:45rem){h1{font-size:1.5rem}.stack,.stack tbody,.stack caption{display:block}"
    ".stack thead{display:none}.stack tr{display:block;padding:.5rem 0;border-bottom:2px solid var(--line)}"
    ".stack td,.stack td.number{display:block;border:0;padding:.1rem 0;text-align:left}"
    ".stack td[data-head]::before{content:attr(data-head) \": \";font-weight:600}}\n"
    "@media screen and (min-width:98rem){nav{position:fixed;top:1rem;left:1rem;width:calc(50vw - 32rem);margin:0;"
    "max-height:calc(100vh - 2rem);overflow-y:auto;font-size:.85rem}}\n"
    "@media screen and (min-width:62rem){.table{margin-right:calc(31rem - 50vw)}}\n"
    "@page{margin:15mm}\n"
    "@media print{body{max-width:none;margin:0;padding:0;font-size:10pt}a{text-decoration:none}"
    ".table,.picture{overflow:visible;background:none}table{font-size:8pt}.picture "
    "svg{min-width:0;width:auto;max-width:100%;max-height:22cm}"
    "figure,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}thead{display:table-header-group}}\n";

void lyap_page_write(FILE *file, const struct lyap_page *page) {
    size_t before = page->before <= strlen(page->body) ? page->before : 0;
    fprintf(file,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n"
            "<style>\n%s</style></head><body>\n<main>\n<h1>%s</h1>\n",
            page->title, style, page->title);
    fwrite(page->body, 1, before, file);
    fprintf(file, "<nav aria-label=\"Contents\"><p>Contents</p><ul>\n%s</ul></nav>\n%s%s</main></body></html>\n",
            page->contents, page->body + before, page->end);
}
