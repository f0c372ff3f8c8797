/* The list of references: the methods of the frame, and what the sections cite. */
#include <stdlib.h>
#include <string.h>

#include "report/frame/front.h"

static const char *const methods[] = {
    "G. Benettin, L. Galgani, A. Giorgilli, J.-M. Strelcyn, \"Lyapunov characteristic exponents for smooth dynamical "
    "systems and for Hamiltonian systems; a method for computing all of them\", Meccanica 15, 9-30 (1980)",
    "J. M. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A. Talwalkar, \"Gradient descent on neural networks typically occurs "
    "at the edge of stability\", ICLR (2021), arXiv 2103.00065",
    "B. Efron, \"Bootstrap methods: another look at the jackknife\", Annals of Statistics 7, 1-26 (1979)",
    "S. Holm, \"A simple sequentially rejective multiple test procedure\", Scandinavian Journal of Statistics 6, 65-70 "
    "(1979)",
    "P. Jimenez-Gonzalez, M. C. Soriano, L. Lacasa, \"Leveraging chaotic transients in the training of artificial "
    "neural networks\", arXiv 2506.08523 (2025)",
    "H. Kantz, \"A robust method to estimate the maximal Lyapunov exponent of a time series\", Physics Letters A 185, "
    "77-87 (1994)",
    "M. G. Kendall, \"A new measure of rank correlation\", Biometrika 30, 81-93 (1938)",
    "T. Mittra, \"Utilizing Lyapunov Exponents in designing deep neural networks\", arXiv 2410.05988 (2024)",
    "B. Phipson, G. K. Smyth, \"Permutation P-values should never be zero\", Statistical Applications in Genetics and "
    "Molecular Biology 9, 39 (2010)",
    "M. T. Rosenstein, J. J. Collins, C. J. De Luca, \"A practical method for calculating largest Lyapunov exponents "
    "from small data sets\", Physica D 65, 117-134 (1993)",
    "L. N. Smith, \"Cyclical learning rates for training neural networks\", IEEE Winter Conference on Applications of "
    "Computer Vision, 464-472 (2017), arXiv 1506.01186 (the learning rate range test)",
    "C. Spearman, \"The proof and measurement of association between two things\", American Journal of Psychology 15, "
    "72-101 (1904)",
    "E. B. Wilson, \"Probable inference, the law of succession, and statistical inference\", Journal of the American "
    "Statistical Association 22, 209-212 (1927)",
    "A. Wolf, J. B. Swift, H. L. Swinney, J. A. Vastano, \"Determining Lyapunov exponents from a time series\", "
    "Physica "
    "D 16, 285-317 (1985)",
};
enum { METHODS = sizeof methods / sizeof *methods };

/* From the first word that is no initial: the family name. */
static const char *family_name(const char *reference) {
    while (reference[0] && (reference[1] == '.' || reference[1] == '-')) {
        reference += reference[1] == '.' ? 2 : 1;
        while (*reference == ' ' || *reference == '-') reference++;
    }
    return reference;
}

/* By family name, each once. Returns the number. */
static size_t sort(const char **list, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const char *next = list[i];
        size_t at = kept;
        bool known = false;
        for (size_t k = 0; k < kept && !known; k++) known = strcmp(list[k], next) == 0;
        if (known) continue;
        for (; at > 0 && strcmp(family_name(list[at - 1]), family_name(next)) > 0; at--) list[at] = list[at - 1];
        list[at] = next;
        kept++;
    }
    return kept;
}

void lyap_front_references(struct lyap_document *d, const struct lyap_front *front) {
    const char **list = lyap_document_room(d, METHODS + front->own->references, sizeof *list);
    if (!list) return;
    memcpy(list, methods, sizeof methods);
    for (size_t i = 0; i < front->own->references; i++) list[METHODS + i] = front->own->reference[i];
    size_t count = sort(list, METHODS + front->own->references);
    lyap_document_heading(d, 2, "References");
    for (size_t i = 0; i < count; i++) lyap_document_item(d, "%s.", list[i]);
    free(list);
}
