#include "paper/tables.h"

#include "io/output_file.h"

static const double published_scale = (double)LYAP_PAPER_NEIGHBOURS / (LYAP_PAPER_NEIGHBOURS + 1);

static const char *panel_name(int panel) {
    return lyap_activation_name(lyap_paper_activation[panel]);
}

/* ",number", or "," alone for what is undefined. */
static void put(FILE *file, bool defined, double value) {
    char text[32];
    putc(',', file);
    if (defined) fputs(lyap_format_real(value, text), file);
}

static void put_quartiles(FILE *file, bool defined, const double quartile[3]) {
    for (int q = 0; q < 3; q++) put(file, defined, quartile[q]);
}

static void put_count(FILE *file, uint64_t count) {
    fprintf(file, ",%llu", (unsigned long long)count);
}

void lyap_write_scatter(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS]) {
    fputs("activation,cell,initial_loss,final_loss,lambda_kw,lambda_step,status\n", file);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (size_t i = 0; i < scatter[panel].kept; i++) {
            const struct lyap_point *p = &scatter[panel].point[i];
            fprintf(file, "%s,%llu", panel_name(panel), (unsigned long long)scatter[panel].start[i]);
            put(file, true, p->initial_loss);
            put(file, true, p->final_loss);
            put(file, p->terms > 0, p->lambda_kw);
            put(file, p->terms > 0, p->lambda_step);
            fprintf(file, ",%s\n", lyap_outcome_name(p->outcome));
        }
}

void lyap_write_distance(FILE *file, const struct lyap_paper *paper) {
    fputs("activation,epoch,distance_published,distance,ratio_q25,ratio_median,ratio_q75,starts\n", file);
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_epochs *e = &paper->epochs[panel];
        for (unsigned t = 0; t < LYAP_PAPER_EPOCHS; t++) {
            fprintf(file, "%s,%u", panel_name(panel), t);
            put(file, t < e->length, e->distance[t] * published_scale);
            put(file, t < e->length, e->distance[t]);
            put_quartiles(file, e->reached[t] > 0, e->ratio[t]);
            put_count(file, e->reached[t]);
            putc('\n', file);
        }
    }
}

void lyap_write_step(FILE *file, const struct lyap_paper *paper) {
    fputs("activation,epoch,lambda_step,q25,median,q75,starts\n", file);
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_epochs *e = &paper->epochs[panel];
        for (unsigned t = 1; t < LYAP_PAPER_EPOCHS; t++) {
            fprintf(file, "%s,%u", panel_name(panel), t);
            put(file, t < e->length, e->step[t]);
            put_quartiles(file, e->reached[t] > 0, e->step_quartile[t]);
            put_count(file, e->reached[t]);
            putc('\n', file);
        }
    }
}

void lyap_write_loss(FILE *file, const struct lyap_paper *paper) {
    fputs("activation,epoch,loss,q25,median,q75,starts\n", file);
    for (int panel = 0; panel < LYAP_PANELS; panel++) {
        const struct lyap_epochs *e = &paper->epochs[panel];
        for (unsigned t = 0; t < LYAP_PAPER_EPOCHS; t++) {
            fprintf(file, "%s,%u", panel_name(panel), t);
            put(file, t < e->losses, e->loss[t]);
            put_quartiles(file, e->with_loss[t] > 0, e->loss_quartile[t]);
            put_count(file, e->with_loss[t]);
            putc('\n', file);
        }
    }
}

void lyap_write_rates(FILE *file, const struct lyap_paper *paper) {
    char text[32];
    fputs("activation,lr,lambda_kw,lambda_step,status,q25,median,q75,starts,dead_zero,died_later,diverged,published\n",
          file);
    for (int panel = 0; panel < LYAP_PANELS; panel++)
        for (int i = 0; i < LYAP_PAPER_RATES; i++) {
            const struct lyap_rate *rate = &paper->rates[panel][i];
            double published = 0;
            bool known = lyap_published_at(i, panel, &published);
            fprintf(file, "%s,%s", panel_name(panel), lyap_format_real(rate->lr, text));
            put(file, rate->one.terms > 0, rate->one.lambda_kw);
            put(file, rate->one.terms > 0, rate->one.lambda_step);
            fprintf(file, ",%s", lyap_outcome_name(rate->one.outcome));
            put_quartiles(file, rate->counted > 0, rate->quartile);
            put_count(file, rate->starts);
            put_count(file, rate->zero);
            put_count(file, rate->died);
            put_count(file, rate->diverged);
            put(file, known, published);
            putc('\n', file);
        }
}
