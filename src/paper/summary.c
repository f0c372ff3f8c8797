#include "paper/summary.h"
#include "lyapgrad/network.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"

static const char *panel_name(int panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

void lyap_paper_command(FILE *file, const struct lyap_paper_options *o) {
    fprintf(file, "lyapgrad reproduce --starts %llu --seed %llu --precision %s", (unsigned long long)o->starts,
            (unsigned long long)o->seed, lyap_precision_name(o->precision));
}

static void write_head(FILE *file, const struct lyap_paper *paper) {
    fputs("The experiments of T. Mittra, arXiv 2410.05988, with the published settings, and its numbers beside ours\n",
          file);
    lyap_paper_command(file, &paper->options);
    fputs(
        "\n\n"
        "lambda_kw    the paper's exponent: mean over i of ln(d(i)/d(0)), nats. A mean of CUMULATIVE log ratios: it\n"
        "             grows with the length of the run and is no rate.\n"
        "lambda_step  mean of ln(d(i)/d(i-1)), nats/step.\n"
        "d(t)         mean distance of the neighbours from their parent after update t. `distance` in cells.csv,\n"
        "             series.csv and DistanceVsEpochs.csv is the mean over the 24 true neighbours. The published\n"
        "             scale counts the parent as one of 25 and divides by 25: distance_published = distance x 24/25.\n"
        "             Ratios, and so exponents, are the same.\n"
        "dead         all gradients were exactly zero at the end. A network dead before d(0) has an exponent of\n"
        "             exactly 0, which is no neutral stability: these are counted apart (zero %) and enter no "
        "quantile.\n"
        "             One that died later keeps the distance it had: its exponent tells of the steps before (died %).\n"
        "rank         percentage of our starts, those of exponent 0 apart, that lie below the published value.\n"
        "verdict      'within' the central 95 % of our starts (2.5 % .. 97.5 %); 'outside' them; 'beyond' every one.\n"
        "             The paper shows one random start a value; of fair ones, one in twenty lies outside.\n\n",
        file);
}

static const char *direction(double r, double p) {
    return p >= 0.05 ? "no correlation (p >= 0.05)"
           : r > 0   ? "lower exponent, lower loss"
                     : "lower exponent, higher loss";
}

static void write_scatter(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS], enum lyap_precision precision) {
    fprintf(file, "  %llu starts an activation, %s\n", (unsigned long long)scatter[0].starts,
            lyap_precision_name(precision));
    fprintf(file, "  %-8s %-20s %5s %5s %8s %9s  %-27s %8s %9s\n", "", "initial loss kept", "n", "dead", "r", "p",
            "in words", "partial r", "p");
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_scatter *s = &scatter[panel];
        fprintf(file, "  %-8s %.6f .. %.6f", panel_name(panel), s->low, s->high);
        if (!s->fitted) {
            fprintf(file, " %5zu %5zu  too few points, or all alike\n", s->kept, s->dead);
            continue;
        }
        fprintf(file, " %5zu %5zu %8.4f %9.2g  %-27s", s->fit.n, s->dead, s->fit.r, s->fit.p,
                direction(s->fit.r, s->fit.p));
        if (s->has_partial) fprintf(file, " %8.4f %9.2g", s->partial_r, s->partial_p);
        putc('\n', file);
    }
    putc('\n', file);
}

static void write_scatters(FILE *file, const struct lyap_paper *paper) {
    enum lyap_precision precision = paper->options.precision;
    fprintf(file,
            "1. LyapunovVsLoss: lr 0.001, %d epochs; starts whose initial loss lies between the 45 %% and 55 %% "
            "quantiles;\n"
            "   lambda_kw against the final loss. The paper shows pictures of about 100 points and prints no r.\n\n",
            LYAP_PAPER_SCATTER_EPOCHS);
    write_scatter(file, paper->scatter, precision);
    write_scatter(file, paper->scatter_small, precision);
    write_scatter(file, paper->scatter_other, lyap_other_precision(precision));
    fprintf(
        file,
        "  partial r: between starts of equal initial loss. So few small steps change the loss by less than the band "
        "of\n"
        "  initial losses is wide, and much of the final loss is still the initial one; this takes it out.\n"
        "  The other precision shows what rounding does: where r depends on it, the distances change by less than\n"
        "  float32 resolves.\n"
        "  %llu of the %llu starts give the same bits for linear and relu: while no ReLU is off, and with weights and\n"
        "  inputs that are not negative none is, these are one experiment and not two.\n\n",
        (unsigned long long)paper->identical, (unsigned long long)paper->options.starts);
}

static const char *verdict(const struct lyap_comparison *c) {
    switch (c->verdict) {
    case LYAP_WITHIN:
        return "within";
    case LYAP_OUTSIDE:
        return "outside";
    case LYAP_BEYOND:
        return "beyond";
    default:
        return "none alive to compare";
    }
}

/* One row: published, our start 0, quartiles, shares, rank, verdict. */
static void write_row(FILE *file, const char *lr, int panel, const struct lyap_comparison *c, double one) {
    char rank[16] = "-";
    fprintf(file, "  %-7s %-8s %11.4g", lr, panel_name(panel), c->published);
    if (c->one.terms > 0)
        fprintf(file, " %11.4g%s", one, c->one.outcome == LYAP_DEAD ? "*" : " ");
    else
        fprintf(file, " %11s ", "-");
    for (int q = 0; q < 3; q++) {
        if (c->counted)
            fprintf(file, " %10.4g", c->quartile[q]);
        else
            fprintf(file, " %10s", "-");
    }
    if (c->counted && c->published != 0) snprintf(rank, sizeof rank, "%.1f", c->rank);
    fprintf(file, " %6.1f %6.1f %6s  %s\n", 100 * (double)c->zero / (double)c->starts,
            100 * (double)c->died / (double)c->starts, rank, verdict(c));
}

static void write_row_head(FILE *file) {
    fprintf(file, "  %-7s %-8s %11s %11s  %10s %10s %10s %6s %6s %6s  %s\n", "lr", "", "published", "our start 0",
            "25 %", "median", "75 %", "zero %", "died %", "rank", "verdict");
}

static void write_steps(FILE *file, const struct lyap_paper *paper) {
    fprintf(file, "2. Mean exponent per step over %d epochs, one start (lambda_step, nats/step; * dead at the end)\n\n",
            LYAP_PAPER_EPOCHS);
    for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++) {
        char lr[16];
        const struct lyap_published_step *published = &lyap_published_steps[i];
        snprintf(lr, sizeof lr, "%g", published->lr);
        fprintf(file, "  published: %s; ours: %llu starts\n", published->source,
                (unsigned long long)paper->steps[i][0].starts);
        write_row_head(file);
        for (int panel = 0; panel < LYAP_PANELS; panel++)
            write_row(file, lr, panel, &paper->steps[i][panel], paper->steps[i][panel].one.lambda_step);
    }
    putc('\n', file);
}

static void write_rates(FILE *file, const struct lyap_paper *paper) {
    fprintf(file,
            "3. LyapunovVsLearningRate: %d epochs, one start a value (lambda_kw, nats; * dead at the end)\n\n"
            "  published: %s; ours: %llu starts\n",
            LYAP_PAPER_EPOCHS, lyap_published_rates_source, (unsigned long long)paper->compared[0][0].starts);
    write_row_head(file);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (int i = 0; i < LYAP_PUBLISHED_RATES; i++)
            write_row(file, lyap_published_rates[i].lr, panel, &paper->compared[i][panel],
                      paper->compared[i][panel].one.lambda_kw);
    putc('\n', file);
}

/* One sentence on a published value that is not within; false for one that is. */
static bool explain(FILE *file, const char *what, const char *lr, int panel, const struct lyap_comparison *c) {
    if (c->verdict == LYAP_WITHIN) return false;
    fprintf(file, "  %s, lr %s, %s: published %.4g ", what, lr, panel_name(panel), c->published);
    unsigned long long starts = c->starts, counted = c->counted, zero = c->zero;
    if (c->published == 0)
        fprintf(file, "is the exponent of %llu of our %llu starts.\n", zero, starts);
    else if (c->counted == 0)
        fprintf(file, "cannot be matched: all our %llu starts are dead.\n", starts);
    else if (c->verdict == LYAP_OUTSIDE)
        fprintf(file, "lies outside our central 95 %% (%.4g .. %.4g).\n", c->low, c->high);
    else
        fprintf(file, "lies beyond all of our %llu starts with an exponent that is not 0 (of %llu).\n", counted,
                starts);
    return true;
}

static void write_verdict(FILE *file, const struct lyap_paper *paper) {
    int outside = 0, all = 0;
    char lr[16];
    fputs("4. Published values that our starts do not bear out\n\n", file);
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        for (int i = 0; i < LYAP_PUBLISHED_STEPS; i++, all++) {
            snprintf(lr, sizeof lr, "%g", lyap_published_steps[i].lr);
            outside += explain(file, "lambda_step", lr, panel, &paper->steps[i][panel]);
        }
        for (int i = 0; i < LYAP_PUBLISHED_RATES; i++, all++)
            outside += explain(file, "lambda_kw", lyap_published_rates[i].lr, panel, &paper->compared[i][panel]);
    }
    fprintf(file,
            "\n  %d of %d published values are not within; were each one fair start of ours, about %.1f would not be.\n"
            "  A value that lies within says that one random start can give it, no more.\n",
            outside, all, 0.05 * all);
}

void lyap_paper_summary(FILE *file, const struct lyap_paper *paper) {
    write_head(file, paper);
    write_scatters(file, paper);
    write_steps(file, paper);
    write_rates(file, paper);
    write_verdict(file, paper);
}
