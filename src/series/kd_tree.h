/* The neighbour search. */
#ifndef LYAP_SERIES_KD_TREE_H
#define LYAP_SERIES_KD_TREE_H

#include "series/embedding.h"

enum lyap_norm { LYAP_NORM_MAXIMUM, LYAP_NORM_EUCLIDEAN };

/* A k-d tree over vectors 0 .. count-1 of an embedding (J. H. Friedman, J. L. Bentley, R. A. Finkel, ACM Trans. Math.
 * Softw. 3, 209 (1977)). */
struct lyap_tree;
struct lyap_tree *lyap_tree_new(const struct lyap_embedding *e, size_t count); /* NULL: out of memory */
void lyap_tree_free(struct lyap_tree *tree);

/* What is asked: the neighbours of vector `centre` (of the embedding, not necessarily in the tree) with index distance
 * over `theiler` and distance in [low, high], never 0. */
struct lyap_query {
    size_t centre, theiler;
    enum lyap_norm norm;
    double low, high;
};

struct lyap_neighbour {
    size_t index;
    double distance;
};

/* The `wanted` nearest, ordered by (distance, index), Euclidean ones by their squares, to out[wanted]; returns their number. *copy becomes true when
 * a vector outside the Theiler window equals the centre, otherwise it is left alone. */
size_t lyap_tree_nearest(const struct lyap_tree *tree, const struct lyap_query *query, size_t wanted,
                         struct lyap_neighbour *out, bool *copy);

/* All of them, as ascending indices in a list that grows. Returns false when out of memory. */
struct lyap_index_list {
    size_t *items;
    size_t count, room;
};
bool lyap_tree_within(const struct lyap_tree *tree, const struct lyap_query *query, struct lyap_index_list *list);

#endif
