/* Documents: the same content in Markdown and HTML, escaped for either. */
#include <stdlib.h>
#include <string.h>

#include "figure/document.h"
#include "base/text.h"
#include "tests/check.h"

typedef enum lyap_status (*writer)(const struct lyap_document *, FILE *, struct lyap_error *);

static char *text_of(const struct lyap_document *document, writer write) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(write(document, file, NULL), LYAP_OK);
    fclose(file);
    return text;
}

static size_t count(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what)) n++;
    return n;
}

static void check_contains(const char *text, const char *what) {
    ck_assert_msg(strstr(text, what) != NULL, "'%s' is not in:\n%s", what, text);
}

static struct lyap_document *sample(void) {
    static const char *const heads[] = {"name", "value"};
    struct lyap_document *d = lyap_document_new("A < B & C");
    lyap_document_heading(d, 2, "First");
    lyap_document_paragraph(d, "x_1 < %d, `a_b`, *no stress*", 3);
    lyap_document_item(d, "one");
    lyap_document_item(d, "two");
    lyap_document_table(d, "Numbers", 2, heads);
    lyap_document_cell(d, "%s", "a|b");
    lyap_document_cell(d, "%.1f", -1.5);
    lyap_document_cell(d, "%s", "rest");
    lyap_document_table_end(d);
    return d;
}

START_TEST(html_escapes_and_marks_code_up) {
    struct lyap_document *d = sample();
    char *html = text_of(d, lyap_document_html);
    check_contains(html, "<title>A &lt; B &amp; C</title>");
    check_contains(html, "<p>x_1 &lt; 3, <code>a_b</code>, *no stress*</p>");
    check_contains(html, "<li>one</li>\n<li>two</li>\n</ul>\n");
    check_contains(html, "<td>a|b</td><td class=\"number\">-1.5</td></tr>");
    check_contains(html, "<tr><td>rest</td><td></td></tr>"); /* a row that was not full */
    check_contains(html, "<li><a href=\"#s1\">First</a></li>");
    ck_assert_ptr_null(strstr(html, "<script"));
    ck_assert_ptr_null(strstr(html, "http"));
    free(html);
    lyap_document_free(d);
}
END_TEST

START_TEST(markdown_takes_nothing_of_the_text_for_markup) {
    struct lyap_document *d = sample();
    char *text = text_of(d, lyap_document_markdown);
    check_contains(text, "# A < B & C\n\n## First\n\n");
    check_contains(text, "x\\_1 \\< 3, `a_b`, \\*no stress\\*\n\n");
    check_contains(text, "- one\n- two\n\nNumbers\n\n| name | value |\n| --- | --- |\n| a\\|b | -1.5 |\n| rest |  |\n");
    free(text);
    lyap_document_free(d);
}
END_TEST

START_TEST(words_are_numbers_only_when_they_are) {
    static const char *const heads[] = {"x"};
    static const char *const words[] = {"1.5", "+2",     ".5",    "-3e-4", "0.1 [-0.2, 3]", /* numbers */
                                        "-",   "- none", "r = 1", "",      "5 of 10 cases", "2 % of the starts"};
    struct lyap_document *d = lyap_document_new("t");
    lyap_document_table(d, "c", 1, heads);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) lyap_document_cell(d, "%s", words[i]);
    lyap_document_table_end(d);
    char *html = text_of(d, lyap_document_html);
    ck_assert_uint_eq(count(html, "<td class=\"number\">"), 5);
    ck_assert_uint_eq(count(html, "<td>"), 6);
    check_contains(html, ">0.1 [-0.2,&nbsp;3]</td>");
    free(html);
    lyap_document_free(d);
}
END_TEST

START_TEST(a_table_of_sentences_repeats_its_heads_for_narrow_screens) {
    static const char *const heads[] = {"claim & \"quotation\"", ""};
    struct lyap_document *d = lyap_document_new("t");
    for (int k = 0; k < 2; k++) {
        if (k == 0) lyap_document_sentences(d);
        lyap_document_table(d, "c", 2, heads);
        for (int i = 0; i < 3; i++) lyap_document_cell(d, "%s", "a sentence");
        lyap_document_table_end(d);
    }
    char *html = text_of(d, lyap_document_html), *text = text_of(d, lyap_document_markdown);
    ck_assert_uint_eq(count(html, "<table class=\"stack\">"), 1);
    ck_assert_uint_eq(count(html, "<table>"), 1);
    ck_assert_uint_eq(count(html, "<td data-head=\"claim &amp; &quot;quotation&quot;\">a sentence</td>"), 2);
    ck_assert_uint_eq(count(html, "<td>a sentence</td>"), 1 + 3);
    ck_assert_uint_eq(count(text, "quotation"), 2);
    free(html);
    free(text);
    lyap_document_free(d);
}
END_TEST

START_TEST(the_contents_come_where_they_are_asked_for_and_link_to_every_heading) {
    struct lyap_document *d = lyap_document_new("Title"), *more = lyap_document_new("more");
    lyap_document_paragraph(d, "Abstract.");
    lyap_document_contents(d);
    lyap_document_heading(d, 2, "First: a <part>");
    lyap_document_mark(more, 'm');
    lyap_document_heading(more, 3, "Below_it");
    lyap_document_append(d, more);
    char *html = text_of(d, lyap_document_html), *text = text_of(d, lyap_document_markdown);
    check_contains(html, "<p>Abstract.</p>\n<nav");
    check_contains(html, "<li><a href=\"#s1\">First: a &lt;part&gt;</a></li>\n<li class=\"sub\"><a "
                         "href=\"#m1\">Below_it</a></li>\n</ul></nav>\n<h2 id=\"s1\">");
    check_contains(html, "<h3 id=\"m1\">");
    check_contains(
        text,
        "Abstract.\n\nContents:\n\n- [First: a \\<part\\>](#first-a-part)\n  - [Below\\_it](#below_it)\n\n## First");
    free(html);
    free(text);
    lyap_document_free(d);
    lyap_document_free(more);
}
END_TEST

START_TEST(the_page_fits_screens_and_paper_and_follows_the_reader_s_colours) {
    struct lyap_document *d = sample();
    char *html = text_of(d, lyap_document_html);
    check_contains(html, "width=device-width");
    check_contains(html, "@media(prefers-color-scheme:dark)");
    check_contains(html, "@media print");
    check_contains(html, ".table{overflow-x:auto");
    check_contains(html, ".picture{overflow-x:auto;background:#fff");
    free(html);
    lyap_document_free(d);
}
END_TEST

START_TEST(a_front_stands_before_its_body_with_headings_of_its_own) {
    const double x[] = {1, 2, 3};
    struct lyap_chart chart = {.count = 1, .columns = 1};
    chart.panel[0] = (struct lyap_panel){.title = "p", .x = {.title = "x"}, .y = {.title = "y"}, .count = 1};
    chart.panel[0].series[0] = (struct lyap_mark_series){.mark = LYAP_MARK_POINTS, .n = 3, .x = x, .y = x};
    struct lyap_document *body = lyap_document_new("body");
    lyap_document_heading(body, 2, "Behind");
    lyap_document_figure(body, "picture", &chart, "of %d points", 3);
    struct lyap_document *front = lyap_document_before(body, "Whole");
    lyap_document_heading(front, 2, "Before");
    lyap_document_append(front, body);
    lyap_document_free(body);
    char *html = text_of(front, lyap_document_html), *text = text_of(front, lyap_document_markdown);
    const char *before = strstr(html, "<h2 id=\"s2\">Before"), *behind = strstr(html, "<h2 id=\"s1\">Behind");
    ck_assert_ptr_nonnull(before);
    ck_assert_ptr_nonnull(behind);
    ck_assert(before < behind);
    check_contains(html, "</svg>");
    check_contains(html, "<figcaption>of 3 points</figcaption>");
    check_contains(text, "![picture](figures/picture.svg)\n\nof 3 points\n");
    ck_assert_str_eq(lyap_document_figure_name(front, 0), "picture");
    ck_assert_ptr_nonnull(strstr(html, lyap_document_figure_svg(front, 0)));
    ck_assert_ptr_null(lyap_document_figure_name(front, 1));
    free(html);
    free(text);
    lyap_document_free(front);
}
END_TEST

START_TEST(a_text_grows_past_any_room) {
    struct lyap_text text = {0};
    ck_assert_str_eq(lyap_text_of(&text), "");
    for (int i = 0; i < 5000; i++) lyap_text_add(&text, "abc");
    lyap_text_add_char(&text, 'd');
    ck_assert_uint_eq(text.length, 15001);
    ck_assert_uint_eq(strlen(lyap_text_of(&text)), 15001);
    ck_assert_str_eq(lyap_text_of(&text) + 14998, "bcd");
    lyap_text_free(&text);
    ck_assert_ptr_null(text.data);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("document");
    TCase *c = tcase_create("document");
    tcase_add_test(c, html_escapes_and_marks_code_up);
    tcase_add_test(c, markdown_takes_nothing_of_the_text_for_markup);
    tcase_add_test(c, words_are_numbers_only_when_they_are);
    tcase_add_test(c, a_table_of_sentences_repeats_its_heads_for_narrow_screens);
    tcase_add_test(c, the_contents_come_where_they_are_asked_for_and_link_to_every_heading);
    tcase_add_test(c, the_page_fits_screens_and_paper_and_follows_the_reader_s_colours);
    tcase_add_test(c, a_front_stands_before_its_body_with_headings_of_its_own);
    tcase_add_test(c, a_text_grows_past_any_room);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
